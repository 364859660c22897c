// What a layer reads: outputs of the layers before it, one chip each, in order. A branch begins where a layer reads another than
// the one before it; a layer that joins branches reads several. What outputs a layer has behind its first, the engine says.
//
// Fires `change` with the sources as its detail.

import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { FEATURES, firstOf, referenceTo, type Source } from "../engine/names";
import { base, buttons, fields } from "../styles/controls";
import { choiceStyles } from "./choice-styles";
import { icons } from "./icons";
import { tip } from "./tip";

export class TabgradInputsField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    fields,
    choiceStyles,
    css`
      .box {
        min-height: var(--tg-control);
      }
      button {
        padding: 0 4px 0 8px;
        background: var(--tg-soft);
      }
      button .icon {
        width: 12px;
        color: var(--tg-muted);
      }
      .arrow {
        width: 96px;
      }
      .box.wrong button {
        border-color: var(--tg-bad);
      }
    `,
  ];

  /** Names of the layers that stand before this one. */
  @property({ attribute: false }) names: readonly string[] = [];
  /** What each of them has behind its first output: "hidden state", "cell state". */
  @property({ attribute: false }) further: readonly (readonly string[])[] = [];
  @property({ attribute: false }) sources: readonly Source[] = [];
  @property({ type: Boolean }) wrong = false;

  #say(sources: readonly Source[]): void {
    this.dispatchEvent(new CustomEvent("change", { detail: sources }));
  }

  #name({ layer, output }: Source): string {
    return layer === FEATURES ? "features" : referenceTo(this.names[layer] ?? "", output);
  }

  /** What a further output is. */
  #what({ layer, output }: Source, before: string, after = ""): string {
    const what = output > 0 ? this.further[layer]?.[output - 1] : undefined;
    return what === undefined ? "" : before + what + after;
  }

  protected override render(): unknown {
    const { sources } = this;
    const others = [FEATURES, ...this.names.keys()]
      .reverse()
      .flatMap((layer) => [firstOf(layer), ...(this.further[layer] ?? []).map((_, at) => ({ layer, output: at + 1 }))])
      .filter((one) => !sources.some(({ layer, output }) => layer === one.layer && output === one.output));
    return html`<div class="box ${this.wrong ? "wrong" : ""}" role="group" aria-label="Inputs">
      <span class="label" aria-hidden="true" ${tip("The layers whose results this one takes, in order.")}>Inputs</span>
      ${sources.map(
        (source) =>
          html`<button
            type="button"
            aria-label="Take ${this.#name(source)} away"
            ?disabled=${sources.length === 1}
            @click=${() => this.#say(sources.filter((it) => it !== source))}
            ${tip(`${this.#what(source, "The ", " of it. ")}This layer reads it; press to take it away.`)}
          >
            ${this.#name(source)}${icons.close}
          </button>`,
      )}
      ${
        others.length === 0
          ? null
          : html`<span class="arrow">
              <select
                aria-label="Add an input"
                .value=${""}
                @change=${(event: Event) => {
                  const select = event.target as HTMLSelectElement;
                  event.stopPropagation();
                  const chosen = others[Number(select.value)];
                  if (chosen) this.#say([...sources, chosen]);
                  select.value = "";
                }}
                ${tip("Another layer whose result this one takes.")}
              >
                <option value="" selected disabled>add …</option>
                ${others.map((source, at) => html`<option value=${at}>${this.#name(source)}${this.#what(source, " – ")}</option>`)}
              </select>
            </span>`
      }
    </div>`;
  }
}
