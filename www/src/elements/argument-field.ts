// One argument of the engine's schema as a control: the kind of the argument decides which. A new argument of a layer, loss or
// optimizer appears on the page without a line being written here.
//
// Fires `change` with the new value as its detail; undefined: back to the default.

import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Argument, Choice, Schema } from "../engine/protocol";
import { base, fields } from "../styles/controls";
import { regularizer, type Regularizer } from "../store/layers";
import { tip } from "./tip";

export class TabgradArgumentField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    fields,
    css`
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 8px;
      }
    `,
  ];

  @property({ attribute: false }) argument!: Argument;
  @property({ attribute: false }) value: unknown;
  @property({ attribute: false }) schema!: Schema;
  @property({ type: Boolean }) inline = false;

  #say(value: unknown): void {
    this.dispatchEvent(new CustomEvent("change", { detail: value }));
  }

  protected override render(): unknown {
    const { argument } = this;
    const value = this.value ?? argument.default;
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
        return this.#select(this.schema.activations, nameOf(value));
      case "initializer":
        return this.#select(this.schema.initializers, nameOf(value));
      case "regularizer":
        return this.#penalties(value as Regularizer | null | undefined);
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
      @change=${(event: CustomEvent<number | null>) => this.#say(event.detail ?? undefined)}
    ></tabgrad-number-field>`;
  }

  #select(choices: readonly Choice[], value: string): unknown {
    return html`<tabgrad-select-field
      label=${this.argument.label}
      doc=${this.argument.doc}
      .choices=${choices}
      .value=${value}
      ?inline=${this.inline}
      @change=${(event: CustomEvent<string>) => this.#say(event.detail)}
    ></tabgrad-select-field>`;
  }

  #penalties(given: Regularizer | null | undefined): unknown {
    const now = { l1: given?.l1 ?? 0, l2: given?.l2 ?? 0 };
    const name = this.argument.label.replace(/ regularizer$/i, "");
    const field = (key: "l1" | "l2") =>
      html`<tabgrad-number-field
        label="${name} ${key.toUpperCase()}"
        doc=${this.argument.doc || nothing}
        .value=${now[key]}
        .min=${0}
        .max=${10}
        scale="logarithmic"
        ?inline=${this.inline}
        @change=${(event: CustomEvent<number>) => this.#say(regularizer({ ...now, [key]: event.detail }))}
      ></tabgrad-number-field>`;
    return html`<div class="pair">${field("l1")}${field("l2")}</div>`;
  }
}

const nameOf = (value: unknown): string =>
  typeof value === "string" ? value : ((value as { type?: string } | null | undefined)?.type ?? "");

/** A twentieth of the range, rounded to a power of ten; 0.05 for shares. */
function stepOf({ min, max }: Argument): number {
  if (min === undefined || max === undefined || !Number.isFinite(max - min)) return 0.1;
  return max - min <= 1 ? 0.05 : 10 ** Math.floor(Math.log10((max - min) / 20));
}
