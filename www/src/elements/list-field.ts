// A list of numbers (or a word) in one line to type in: a shape, the size of a kernel, boundaries, axes. What is not one is
// said to be so and not taken.
//
// Fires `change` with the value as its detail; null: back to the default.

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { Argument, ArgumentKind } from "../engine/protocol";
import { base, fields } from "../styles/controls";
import { readList, showList } from "./lists";
import { tip } from "./tip";

const hints: Partial<Record<ArgumentKind, string>> = {
  shape: "4 × 4",
  sizes: "3 × 3",
  axes: "-1",
  numbers: "0.1, 0.01",
};

export class TabgradListField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    fields,
    css`
      .box {
        display: flex;
        align-items: center;
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius-small);
        background: var(--tg-panel);
      }
      .box:hover {
        border-color: var(--tg-edge);
      }
      .box:focus-within {
        outline: 2px solid var(--tg-accent);
        outline-offset: -1px;
      }
      .box.wrong {
        border-color: var(--tg-bad);
      }
      .box input:not([type="x"]) {
        flex: 1;
        min-width: 24px;
        min-height: calc(var(--tg-control) - 2px);
        border: 0;
        background: none;
        outline: none;
      }
      .inline {
        display: var(--tg-beside, inline);
        padding-left: 10px;
        color: var(--tg-muted);
        white-space: nowrap;
      }
      .inline + input:not([type="x"]) {
        padding-left: var(--tg-beside-gap, 6px);
      }
      .error {
        margin-top: 4px;
        color: var(--tg-bad);
      }
    `,
  ];

  @property({ attribute: false }) argument!: Argument;
  @property({ attribute: false }) value: unknown;
  @property({ type: Boolean }) inline = false;
  @property({ type: Boolean }) wrong = false;

  @state() private error = "";
  @state() private typed: string | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value")) {
      this.typed = null;
      this.error = "";
    }
  }

  #read(text: string): void {
    const read = readList(this.argument, text);
    this.typed = "error" in read ? text : null;
    this.error = "error" in read ? read.error : "";
    if ("value" in read) this.dispatchEvent(new CustomEvent("change", { detail: read.value }));
  }

  protected override render(): unknown {
    const { argument, error } = this;
    const { label, doc, kind } = argument;
    return html`<span class="caption ${this.inline ? "over" : ""}" aria-hidden="true">${label}</span>
      <span class="box ${error || this.wrong ? "wrong" : ""}">
        ${this.inline ? html`<span class="inline" aria-hidden="true">${label}</span>` : nothing}
        <input
          type="text"
          autocomplete="off"
          spellcheck="false"
          aria-label=${label}
          aria-invalid=${error || this.wrong ? "true" : "false"}
          placeholder=${argument.default === null ? "none" : (hints[kind] ?? nothing)}
          .value=${this.typed ?? showList(kind, this.value)}
          @change=${(event: Event) => {
            event.stopPropagation();
            this.#read((event.target as HTMLInputElement).value);
          }}
          ${tip(doc || label)}
        />
      </span>
      ${error ? html`<span class="error small" role="alert">${error}</span>` : nothing}`;
  }
}
