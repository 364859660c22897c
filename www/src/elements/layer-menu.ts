// Which layer to add: all that the engine has, by family, with a field to search in. Arrows go from one to the next, Enter
// adds, Escape closes.
//
// Fires `choose` with the kind as its detail, and `close`.

import { css, html, LitElement, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Kind } from "../engine/protocol";
import { base, fields } from "../styles/controls";
import { best, grouped, search } from "./families";

export class TabgradLayerMenu extends LitElement {
  static override styles = [
    base,
    fields,
    css`
      .menu {
        position: fixed;
        z-index: 9;
        margin: 0;
        padding: 0;
        width: min(560px, calc(100vw - 16px));
        height: min(520px, calc(100vh - 32px));
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius);
        background: var(--tg-panel);
        color: var(--tg-ink);
        box-shadow: var(--tg-shadow);
        overflow: hidden;
      }
      .menu:popover-open {
        display: flex;
        flex-direction: column;
      }
      .search {
        padding: 8px;
        border-bottom: 1px solid var(--tg-line);
      }
      .list {
        flex: 1;
        min-height: 0;
        overflow: auto;
        padding: 4px 8px 8px;
      }
      .group {
        display: grid;
        grid-template-columns: 104px minmax(0, 1fr);
        gap: 0 8px;
        padding: 4px 0;
      }
      .group > span {
        padding: 4px 8px;
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 20px;
      }
      .options {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      .option {
        padding: 3px 8px;
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius-small);
        cursor: pointer;
        user-select: none;
      }
      .option[aria-selected="true"] {
        border-color: var(--tg-accent);
        background: var(--tg-accent-soft);
      }
      .option small {
        display: none;
      }
      .sentence {
        min-height: 48px;
        padding: 8px 16px;
        border-top: 1px solid var(--tg-line);
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      .none {
        padding: 16px 8px;
        color: var(--tg-muted);
      }
      /* Without a pointer that hovers, and where there is little room, every sentence stands with its layer. */
      @media (max-width: 560px), (hover: none) {
        .group {
          display: block;
        }
        .options {
          display: block;
        }
        .option {
          min-height: 44px;
          padding: 4px 8px;
          border-color: transparent;
        }
        .option small {
          display: block;
          color: var(--tg-muted);
          font-size: var(--tg-text-small);
          line-height: 16px;
        }
        .sentence {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) kinds: readonly Kind[] = [];
  /** What the menu stands below. */
  @property({ attribute: false }) anchor: HTMLElement | null = null;

  @state() private text = "";
  @state() private active = 0;
  @query(".menu") private menu!: HTMLElement;
  @query("input") private input!: HTMLInputElement;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#outside, true);
    addEventListener("resize", this.#close);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#outside, true);
    removeEventListener("resize", this.#close);
  }

  readonly #outside = (event: Event) => {
    const path = event.composedPath();
    if (!path.includes(this) && !(this.anchor && path.includes(this.anchor))) this.#close();
  };

  readonly #close = () => this.dispatchEvent(new CustomEvent("close"));

  protected override firstUpdated(): void {
    const { menu, anchor } = this;
    if (typeof menu.showPopover === "function") menu.showPopover();
    if (anchor) {
      const { right, top, bottom } = anchor.getBoundingClientRect();
      const below = innerHeight - bottom - 12;
      const above = top - 12;
      // Where there is more room; never over the button itself.
      if (below >= Math.min(360, above)) menu.style.top = `${bottom + 4}px`;
      else menu.style.bottom = `${innerHeight - top + 4}px`;
      // A fixed height: the field to search in stays where it is while the list grows shorter.
      menu.style.height = `${Math.min(520, Math.max(below, above))}px`;
      menu.style.left = `${Math.max(8, Math.min(right, innerWidth - 8) - menu.offsetWidth)}px`;
    }
    this.input.focus();
  }

  #key(event: KeyboardEvent, found: readonly Kind[]): void {
    const { length } = found;
    const chosen = found[this.active];
    if (event.key === "Escape" || event.key === "Tab") this.#close();
    else if (event.key === "Enter" && chosen) this.#choose(chosen);
    else if (event.key === "ArrowDown") this.active = (this.active + 1) % Math.max(1, length);
    else if (event.key === "ArrowUp") this.active = (this.active - 1 + length) % Math.max(1, length);
    else return;
    event.preventDefault();
    event.stopPropagation();
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }),
    );
  }

  #choose(kind: Kind): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: kind }));
  }

  protected override render(): unknown {
    const groups = grouped(search(this.kinds, this.text));
    const found = groups.flatMap(({ kinds }) => kinds);
    const active = found[this.active];
    return html`<div class="menu" popover="manual" role="dialog" aria-label="Which layer to add">
      <div class="search">
        <input
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-label="Search layers"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls="list"
          aria-activedescendant=${active ? `layer-${active.type}` : nothing}
          placeholder="Search ${this.kinds.length} layers"
          .value=${this.text}
          @input=${(event: Event) => {
            this.text = (event.target as HTMLInputElement).value;
            this.active = best(grouped(search(this.kinds, this.text)).flatMap(({ kinds }) => kinds), this.text);
          }}
          @keydown=${(event: KeyboardEvent) => this.#key(event, found)}
        />
      </div>
      <div class="list" id="list" role="listbox" aria-label="Layers" tabindex="-1">
        ${
          found.length === 0
            ? html`<p class="none" role="status">No layer is called so.</p>`
            : groups.map(
                ({ label, kinds }) =>
                  html`<div class="group" role="group" aria-label=${label}>
                    <span aria-hidden="true">${label}</span>
                    <div class="options" role="presentation">
                      ${kinds.map((kind) => this.#option(kind, kind === active, found))}
                    </div>
                  </div>`,
              )
        }
      </div>
      <p class="sentence" aria-live="polite">${active?.doc ?? nothing}</p>
    </div>`;
  }

  #option(kind: Kind, active: boolean, found: readonly Kind[]): unknown {
    return html`<div
      class="option"
      role="option"
      id="layer-${kind.type}"
      aria-selected=${active ? "true" : "false"}
      @pointermove=${() => {
        this.active = found.indexOf(kind);
      }}
      @click=${() => this.#choose(kind)}
    >
      ${kind.label}<small>${kind.doc}</small>
    </div>`;
  }
}
