// A list of the schema's kinds: metrics, callbacks. Those that are chosen, each with what it takes and a button that takes it
// away, and a choice of the others; kinds with arguments may stand in it several times, with other ones.
//
// Fires `change` with the new list as its detail.

import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Choice, Kind, Schema, Spec } from "../engine/protocol";
import { atDefaults, scoreNames, typeOf } from "../store/kinds";
import { base, buttons, fields } from "../styles/controls";
import { icons } from "./icons";
import { argumentFields, kindStyles } from "./kind-arguments";
import { tip } from "./tip";

export class TabgradKindsField extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    kindStyles,
    css`
      .list {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        gap: 8px;
      }
      .kind {
        display: flex;
        align-items: center;
        min-height: var(--tg-control);
        padding-left: 10px;
        border-radius: var(--tg-radius-small);
        background: var(--tg-soft);
      }
      .kind.block {
        display: block;
        flex: 1 1 280px;
        max-width: 480px;
        padding: 0 8px 8px 10px;
      }
      .kind.folded {
        align-items: start;
      }
      .kind > details[open] {
        width: min(320px, calc(100vw - 96px));
        padding-bottom: 8px;
      }
      .folded > button {
        margin-top: 4px;
      }
      .title {
        display: flex;
        align-items: center;
        gap: 4px;
        min-height: var(--tg-control);
        list-style: none;
      }
      summary.title {
        color: inherit;
        font-size: inherit;
      }
      .title > .icon {
        color: var(--tg-muted);
        transition: transform var(--tg-quick);
      }
      [open] > .title > .icon {
        transform: rotate(180deg);
      }
      .title span {
        flex: 1;
      }
      button {
        width: max(24px, calc(var(--tg-control) - 8px));
        min-height: max(24px, calc(var(--tg-control) - 8px));
        margin-left: 4px;
        padding: 0;
      }
      .arrow {
        width: 144px;
      }
    `,
  ];

  /** What one of them is called: "metric". */
  @property() what = "";
  @property({ attribute: false }) kinds: readonly (Choice & Partial<Kind>)[] = [];
  @property({ attribute: false }) value: readonly Spec[] = [];
  @property({ attribute: false }) schema!: Schema;
  /** The arguments of each stand in sight; otherwise behind its name. */
  @property({ type: Boolean }) open = false;

  #say(value: readonly Spec[]): void {
    this.dispatchEvent(new CustomEvent("change", { detail: value }));
  }

  protected override render(): unknown {
    const { value, what } = this;
    const chosen = new Set(value.map(typeOf));
    const others = this.kinds.filter(({ type, arguments: all }) => !chosen.has(type) || (all?.length ?? 0) > 0);
    const names = scoreNames(value);
    return html`<div class="list" role="group" aria-label="${what}s">
      ${value.map((spec, index) => this.#one(spec, index, names[index]?.slice(typeOf(spec).length) ?? ""))}
      ${
        others.length === 0
          ? nothing
          : html`<span class="arrow">
              <select
                aria-label="Add a ${what}"
                .value=${""}
                @change=${(event: Event) => {
                  const select = event.target as HTMLSelectElement;
                  event.stopPropagation();
                  const kind = others.find(({ type }) => type === select.value);
                  if (kind) this.#say([...value, this.open ? atDefaults(kind) : kind.type]);
                  select.value = "";
                }}
                ${tip(`Another ${what}.`)}
              >
                <option value="" selected disabled>add …</option>
                ${others.map(({ type, label }) => html`<option value=${type}>${label}</option>`)}
              </select>
            </span>`
      }
    </div>`;
  }

  /** `number`: "_1" for the second of its kind, and so on. */
  #one(spec: Spec, index: number, number: string): unknown {
    const { value, open } = this;
    const type = typeOf(spec);
    const kind = this.kinds.find((it) => it.type === type);
    const label = (kind?.label ?? type.replaceAll("_", " ")) + number.replace("_", " ");
    const all = kind?.arguments ?? [];
    const bin = html`<button
      class="quiet"
      type="button"
      aria-label="Take ${label} away"
      @click=${() => this.#say(value.filter((_, i) => i !== index))}
      ${tip(`Takes this ${this.what} away.`)}
    >
      ${icons.close}
    </button>`;
    if (all.length === 0) return html`<div class="kind"><span ${tip(kind?.doc || label)}>${label}</span>${bin}</div>`;
    const own = argumentFields(spec, all, this.schema, (changed) =>
      this.#say(value.map((it, i) => (i === index ? changed : it))),
    );
    return open
      ? html`<div class="kind block">
          <div class="own">
            <div class="title"><span ${tip(kind?.doc || label)}>${label}</span>${bin}</div>
            ${own}
          </div>
        </div>`
      : html`<div class="kind folded">
          <details>
            <summary class="title">${icons.down}<span ${tip(kind?.doc || label)}>${label}</span></summary>
            <div class="own">${own}</div>
          </details>
          ${bin}
        </div>`;
  }
}
