// One argument of the engine's schema as a control: the kind of the argument decides which. A new argument of a layer, loss or
// optimizer appears on the page without a line being written here.
//
// Fires `change` with the new value as its detail; null: back to the default.

import { html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Argument, Choice, Schema } from "../engine/protocol";
import { base, fields } from "../styles/controls";
import { need } from "./lazy";
import { tip } from "./tip";

export class TabgradArgumentField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [base, fields];

  @property({ attribute: false }) argument!: Argument;
  @property({ attribute: false }) value: unknown;
  @property({ attribute: false }) schema!: Schema;
  @property({ type: Boolean }) inline = false;
  /** The engine refused what stands here. */
  @property({ type: Boolean }) wrong = false;

  #say(value: unknown): void {
    this.dispatchEvent(new CustomEvent("change", { detail: value }));
  }

  protected override render(): unknown {
    const { argument } = this;
    const value = this.value ?? argument.default;
    // In sight a choice alone; what an activation takes stands with the rest about the layer.
    if (argument.kind === "activation" && this.inline) return this.#select(this.schema.activations, nameOf(value));
    switch (argument.kind) {
      case "integer":
      case "number":
        return this.#number(typeof value === "number" ? value : null);
      case "boolean":
        return html`<label class="check" ${tip(argument.doc)}>
          <input
            type="checkbox"
            .checked=${value === true}
            @change=${(event: Event) => this.#say((event.target as HTMLInputElement).checked)}
          />${argument.label}
        </label>`;
      case "choice":
        return this.#select(argument.choices ?? [], nameOf(value));
      case "activation":
      case "initializer":
      case "regularizer":
      case "constraint":
      case "schedule":
      case "layer":
        need("tabgrad-kind-field");
        return html`<tabgrad-kind-field
          .argument=${argument}
          .schema=${this.schema}
          .value=${value}
          ?inline=${this.inline}
          @change=${(event: CustomEvent<unknown>) => this.#say(event.detail)}
        ></tabgrad-kind-field>`;
      // Lists; and whatever a newer engine has: it can be typed.
      default:
        need("tabgrad-list-field");
        return html`<tabgrad-list-field
          .argument=${argument}
          .value=${value}
          ?inline=${this.inline}
          ?wrong=${this.wrong}
          @change=${(event: CustomEvent<unknown>) => this.#say(event.detail)}
        ></tabgrad-list-field>`;
    }
  }

  #number(value: number | null): unknown {
    const { argument } = this;
    const integer = argument.kind === "integer";
    return html`<tabgrad-number-field
      label=${argument.label}
      doc=${argument.doc}
      .value=${value}
      .min=${argument.min ?? -Infinity}
      .max=${argument.max ?? Infinity}
      .step=${integer ? 1 : stepOf(argument)}
      scale=${argument.logarithmic ? "logarithmic" : "linear"}
      ?integer=${integer}
      ?optional=${argument.default === null}
      placeholder=${argument.default === null ? "none" : ""}
      ?inline=${this.inline}
      ?wrong=${this.wrong}
      @change=${(event: CustomEvent<number | null>) => this.#say(event.detail ?? undefined)}
    ></tabgrad-number-field>`;
  }

  #select(choices: readonly Choice[], value: string): unknown {
    const { argument } = this;
    const none = argument.default === null ? [{ type: "", label: "none", doc: "" }] : [];
    return html`<tabgrad-select-field
      label=${argument.label}
      doc=${argument.doc || nothing}
      .choices=${[...none, ...choices]}
      .value=${value}
      ?inline=${this.inline}
      ?wrong=${this.wrong}
      @change=${(event: CustomEvent<string>) => this.#say(event.detail || undefined)}
    ></tabgrad-select-field>`;
  }
}

const nameOf = (value: unknown): string =>
  typeof value === "string" ? value : ((value as { type?: string } | null | undefined)?.type ?? "");

/** A twentieth of the range, rounded to a power of ten; 0.05 for shares. */
function stepOf({ min, max }: Argument): number {
  if (min === undefined || max === undefined || !Number.isFinite(max - min)) return 0.1;
  return max - min <= 1 ? 0.05 : 10 ** Math.floor(Math.log10((max - min) / 20));
}
