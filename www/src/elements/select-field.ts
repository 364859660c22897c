// A choice with its label: the browser's own select, so that every keyboard, finger and screen reader knows it.
// Fires `change` with the chosen value as its detail.

import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Choice } from "../engine/protocol";
import { base, fields } from "../styles/controls";
import { tip } from "./tip";

export class TabgradSelectField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  static override styles = [
    base,
    fields,
    css`
      .box {
        position: relative;
        display: flex;
        align-items: center;
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius-small);
        background: var(--tg-panel);
        min-height: var(--tg-control);
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
      .box::after {
        content: "";
        position: absolute;
        right: 12px;
        width: 6px;
        height: 6px;
        margin-top: -3px;
        border: solid var(--tg-muted);
        border-width: 0 1.5px 1.5px 0;
        transform: rotate(45deg);
        pointer-events: none;
      }
      .inline {
        display: var(--tg-beside, inline);
        padding-left: 10px;
        color: var(--tg-muted);
        white-space: nowrap;
      }
      select {
        flex: 1;
        min-width: 0;
        min-height: calc(var(--tg-control) - 2px);
        border: 0;
        outline: none;
        background-color: transparent;
      }
      .inline + select {
        padding-left: var(--tg-beside-gap, 6px);
      }
      option {
        background: var(--tg-panel);
        color: var(--tg-ink);
      }
    `,
  ];

  @property() label = "";
  @property() doc = "";
  @property() value = "";
  @property({ attribute: false }) choices: readonly Choice[] = [];
  /** What cannot be chosen here, each with the reason. */
  @property({ attribute: false }) others: readonly { label: string; why: string }[] = [];
  @property({ type: Boolean }) inline = false;
  @property({ type: Boolean }) disabled = false;
  /** The engine refused what stands here. */
  @property({ type: Boolean }) wrong = false;

  protected override render(): unknown {
    const chosen = this.choices.find((choice) => choice.type === this.value);
    // The explanation of what is chosen, so that going through the choices explains each.
    const explained = [this.doc, chosen?.doc && chosen.doc !== this.doc ? `${chosen.label}: ${chosen.doc}` : ""];
    return html`
      <span class="caption ${this.inline ? "over" : ""}" aria-hidden="true">${this.label}</span>
      <span class="box ${this.wrong ? "wrong" : ""}">
        ${this.inline ? html`<span class="inline" aria-hidden="true">${this.label}</span>` : nothing}
        <select
          aria-label=${this.label}
          aria-invalid=${this.wrong ? "true" : nothing}
          ?disabled=${this.disabled}
          .value=${this.value}
          @change=${(event: Event) => {
            event.stopPropagation();
            this.value = (event.target as HTMLSelectElement).value;
            this.dispatchEvent(new CustomEvent("change", { detail: this.value }));
          }}
          ${tip(explained.filter(Boolean).join(" ") || this.label)}
        >
          ${this.choices.map(
            (choice) =>
              html`<option value=${choice.type} ?selected=${choice.type === this.value}>${choice.label}</option>`,
          )}
          ${
            this.others.length > 0
              ? html`<optgroup label="Not for these data">
                  ${this.others.map(({ label, why }) => html`<option disabled>${label}: ${why}</option>`)}
                </optgroup>`
              : nothing
          }
        </select>
      </span>
    `;
  }
}
