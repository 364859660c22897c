// A number with its label, a field to type in and two buttons to step it. Arrow keys step too; a value that is no number, or
// out of range, is said to be so and not taken.
//
// Fires `change` with the number (or null, where `optional` and left empty) as its detail.

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { base, buttons, fields } from "../styles/controls";
import { number, parseNumber, plain } from "../styles/format";
import { icons } from "./icons";
import { next, type Scale } from "./stepping";
import { tip } from "./tip";

export class TabgradNumberField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  static override styles = [
    base,
    buttons,
    fields,
    css`
      .box {
        display: flex;
        align-items: center;
        min-height: var(--tg-control);
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
        flex: 1 1 24px;
        width: 24px;
        min-width: 24px;
        min-height: calc(var(--tg-control) - 2px);
        padding: 0 4px 0 10px;
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
      button {
        flex: none;
        border: 0;
        padding: 0;
        min-height: calc(var(--tg-control) - 6px);
        width: max(24px, calc(var(--tg-control) - 10px));
        border-radius: 4px;
        background: none;
        color: var(--tg-muted);
      }
      button:last-of-type {
        margin-right: 2px;
      }
      .error {
        margin-top: 4px;
        color: var(--tg-bad);
        white-space: normal;
      }
    `,
  ];

  @property() label = "";
  @property() doc = "";
  @property({ attribute: false }) value: number | null = null;
  @property({ attribute: false }) min = -Infinity;
  @property({ attribute: false }) max = Infinity;
  @property({ attribute: false }) step = 1;
  @property() scale: Scale = "linear";
  @property({ type: Boolean }) integer = false;
  /** The field may be left empty: `placeholder` says what that means. */
  @property({ type: Boolean }) optional = false;
  @property() placeholder = "";
  /** The label stands inside the box, before the number. */
  @property({ type: Boolean }) inline = false;
  @property({ type: Boolean }) disabled = false;
  /** The engine refused what stands here. */
  @property({ type: Boolean }) wrong = false;

  @state() private error = "";
  @state() private typed: string | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value") && changed.get("value") !== this.value) {
      this.typed = null;
      this.error = "";
    }
  }

  get #smallest(): number {
    return this.min > 0 ? this.min : 0.0001;
  }

  #take(value: number | null): void {
    this.typed = null;
    this.error = "";
    if (value === this.value) return;
    this.value = value;
    this.dispatchEvent(new CustomEvent("change", { detail: value }));
  }

  #read(text: string): void {
    if (text.trim() === "" && this.optional) {
      this.#take(null);
      return;
    }
    const value = parseNumber(text);
    if (value === null) this.#refuse(text, "This is not a number.");
    else if (this.integer && !Number.isInteger(value)) this.#refuse(text, "Only whole numbers.");
    else if (value < this.min) this.#refuse(text, `At least ${number(this.min)}.`);
    else if (value > this.max) this.#refuse(text, `At most ${number(this.max)}.`);
    else this.#take(value);
  }

  #refuse(text: string, why: string): void {
    this.typed = text;
    this.error = why;
  }

  #step(direction: 1 | -1): void {
    const from = this.value ?? (Number.isFinite(this.min) ? this.min : 0);
    const { scale, min, max, step } = this;
    this.#take(next(from, direction, { scale, min, max, step, smallest: this.#smallest }));
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      this.#step(event.key === "ArrowUp" ? 1 : -1);
    } else if (event.key === "Escape" && this.typed !== null) {
      this.typed = null;
      this.error = "";
    }
  }

  protected override render(): unknown {
    const shown = this.typed ?? (this.value === null ? "" : plain(this.value));
    const box = html`
      <span class="box ${this.error || this.wrong ? "wrong" : ""}">
        ${this.inline ? html`<span class="inline" aria-hidden="true">${this.label}</span>` : nothing}
        <input
          type="text"
          inputmode=${this.integer ? "numeric" : "decimal"}
          autocomplete="off"
          role="spinbutton"
          aria-label=${this.label}
          aria-valuenow=${this.value === null ? nothing : decimal(this.value)}
          aria-valuetext=${this.value === null ? this.placeholder : number(this.value)}
          aria-invalid=${this.error || this.wrong ? "true" : "false"}
          placeholder=${this.placeholder || nothing}
          .value=${shown}
          ?disabled=${this.disabled}
          @change=${(event: Event) => {
            event.stopPropagation();
            this.#read((event.target as HTMLInputElement).value);
          }}
          @keydown=${(event: KeyboardEvent) => this.#key(event)}
          ${tip(this.doc || this.label)}
        />
        <button
          type="button"
          tabindex="-1"
          aria-label="Less ${this.label}"
          ?disabled=${this.disabled || (this.value ?? Infinity) <= this.min}
          @click=${() => this.#step(-1)}
        >
          ${icons.minus}
        </button>
        <button
          type="button"
          tabindex="-1"
          aria-label="More ${this.label}"
          ?disabled=${this.disabled || (this.value ?? -Infinity) >= this.max}
          @click=${() => this.#step(1)}
        >
          ${icons.plus}
        </button>
      </span>
    `;
    const caption = html`<span class="caption ${this.inline ? "over" : ""}" aria-hidden="true">${this.label}</span>`;
    return html`${caption}${box}
    ${this.error ? html`<span class="error small" role="alert">${this.error}</span>` : nothing}`;
  }
}

/** Without a power of ten, which the attribute does not allow. */
const decimal = (value: number): string => (String(value).includes("e") ? value.toFixed(12) : String(value));
