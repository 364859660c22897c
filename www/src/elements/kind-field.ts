// An argument that is one of the schema's kinds with arguments of its own: an initializer, a regularizer, a constraint, a
// schedule, an activation, a layer inside a layer. A choice, and below it what the chosen one takes.
//
// Fires `change` with the new spec as its detail; null: back to the default.

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { Argument, Choice, Kind, Schema, Spec } from "../engine/protocol";
import { atDefaults, startingAt, typeOf } from "../store/kinds";
import { base, fields } from "../styles/controls";
import { argumentFields, kindStyles } from "./kind-arguments";

/** No kind at all; of a schedule: a number that stays. */
const NONE = "";

export class TabgradKindField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    fields,
    kindStyles,
    css`
      :host([wide]) {
        padding: 8px;
        border-radius: var(--tg-radius-small);
        background: var(--tg-soft);
      }
    `,
  ];

  @property({ attribute: false }) argument!: Argument;
  @property({ attribute: false }) value: unknown;
  @property({ attribute: false }) schema!: Schema;
  @property({ type: Boolean }) inline = false;
  /** The chosen kind has arguments: the field is a block of its own. */
  @property({ type: Boolean, reflect: true }) wide = false;

  #say(value: unknown): void {
    this.dispatchEvent(new CustomEvent("change", { detail: value }));
  }

  get #spec(): Spec | null {
    const { value } = this;
    return typeof value === "string" || (typeof value === "object" && value !== null) ? (value as Spec) : null;
  }

  get #kinds(): readonly (Choice & Partial<Kind>)[] {
    const { schema, argument } = this;
    switch (argument.kind) {
      case "initializer":
        return schema.initializers;
      case "regularizer":
        return schema.regularizers;
      case "constraint":
        return schema.constraints ?? [];
      case "activation":
        return schema.activations;
      case "schedule":
        return schema.schedules ?? [];
      default:
        return argument.choices?.length ? argument.choices.map((choice) => layerOf(schema, choice)) : schema.layers;
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const spec = this.#spec;
    const kind = spec === null ? undefined : this.#kinds.find(({ type }) => type === typeOf(spec));
    this.wide = (kind?.arguments?.length ?? 0) > 0 || this.#constant !== null;
  }

  /** The number that a schedule is not. */
  get #constant(): number | null {
    return this.argument.kind === "schedule" && typeof this.value === "number" ? this.value : null;
  }

  protected override render(): unknown {
    const { argument } = this;
    const kinds = this.#kinds;
    const spec = this.#spec;
    const schedule = argument.kind === "schedule";
    const empty = schedule ? "constant" : "none";
    const optional = schedule || argument.default === null;
    const kind = spec === null ? undefined : kinds.find(({ type }) => type === typeOf(spec));
    return html`<div class="own">
      <tabgrad-select-field
        label=${schedule ? `${argument.label} schedule` : argument.label}
        doc=${argument.doc || nothing}
        .choices=${optional ? [{ type: NONE, label: empty, doc: "" }, ...kinds] : kinds}
        .value=${spec ? typeOf(spec) : NONE}
        ?inline=${this.inline && !this.wide}
        @change=${(event: CustomEvent<string>) => this.#choose(event.detail)}
      ></tabgrad-select-field>
      ${this.#constant === null ? nothing : this.#number(this.#constant)}
      ${
        spec !== null && kind?.arguments
          ? argumentFields(spec, kind.arguments, this.schema, (changed) => this.#say(changed))
          : nothing
      }
    </div>`;
  }

  #choose(type: string): void {
    const kind = this.#kinds.find((it) => it.type === type);
    // An activation at its defaults is its name, as the engine writes it.
    if (kind && this.argument.kind === "activation") this.#say(type);
    else if (kind) this.#say(startingAt(kind, atDefaults(kind), this.#constant));
    else this.#say(this.argument.kind === "schedule" ? this.#rate() : undefined);
  }

  /** Where a schedule began is where the constant stays. */
  #rate(): unknown {
    const { argument, value } = this;
    const given = Object.values(typeof value === "object" && value !== null ? value : {});
    return given.find((it) => typeof it === "number") ?? (typeof argument.default === "number" ? argument.default : 0.01);
  }

  #number(value: number): unknown {
    const { argument } = this;
    return html`<tabgrad-number-field
      label=${argument.label}
      doc=${argument.doc || nothing}
      scale="logarithmic"
      .value=${value}
      .min=${argument.min ?? 1e-8}
      .max=${argument.max ?? 1000}
      @change=${(event: CustomEvent<number>) => this.#say(event.detail)}
    ></tabgrad-number-field>`;
  }
}

/** The layer that a choice names, with what it takes. */
function layerOf(schema: Schema, choice: Choice): Choice & Partial<Kind> {
  return schema.layers.find(({ type }) => type === choice.type) ?? choice;
}
