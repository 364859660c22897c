// The data chooser: a button that says what is open, and a menu of the built-in data sets and the first lessons, each with a
// little picture and a sentence.

import { css, html, nothing, svg, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import type { DataName } from "../presets/data";
import { presets, type Preset } from "../presets/presets";
import type { ThumbnailPoint } from "../presets/thumbnails";
import { base, buttons } from "../styles/controls";
import { moveFocus } from "./arrows";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradDataMenu extends LabElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: relative;
      }
      .opener {
        max-width: 100%;
        font-weight: 600;
      }
      .opener span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .opener .icon {
        color: var(--tg-muted);
      }
      .menu {
        position: fixed;
        z-index: 9;
        margin: 0;
        padding: 8px;
        width: min(440px, calc(100vw - 16px));
        max-height: min(640px, calc(100vh - 80px));
        overflow: auto;
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius);
        background: var(--tg-panel);
        color: var(--tg-ink);
        box-shadow: var(--tg-shadow);
      }
      h3 {
        padding: 8px 8px 4px;
        font-size: var(--tg-text-small);
        line-height: 16px;
        font-weight: 600;
        color: var(--tg-muted);
      }
      .menu button {
        display: grid;
        grid-template-columns: 44px 1fr 16px;
        align-items: center;
        justify-content: stretch;
        gap: 12px;
        width: 100%;
        padding: 6px 8px;
        border: 0;
        white-space: normal;
        text-align: left;
      }
      .menu button:focus-visible {
        outline-offset: -2px;
      }
      .menu small {
        display: block;
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      svg.thumb {
        width: 44px;
        height: 44px;
        border-radius: var(--tg-radius-small);
        background: var(--tg-soft);
      }
      .kind-0 {
        fill: var(--tg-class-0);
      }
      .kind-1 {
        fill: var(--tg-class-1);
      }
      .kind-2 {
        fill: var(--tg-class-2);
      }
      .chosen {
        color: var(--tg-accent);
      }
    `,
  ];

  protected readonly watches = ["data", "choices"] as const;

  @state() private open = false;
  @state() private thumbnail: ((name: DataName) => ThumbnailPoint[]) | null = null;
  @query(".opener") private opener!: HTMLButtonElement;
  @query(".menu") private menu!: HTMLElement | null;

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
    if (this.open && !event.composedPath().includes(this)) this.#close();
  };

  readonly #close = () => {
    this.open = false;
  };

  async #toggle(): Promise<void> {
    this.open = !this.open;
    if (!this.open) return;
    // The little pictures come when they are first looked at, and without them there are the words.
    void import("../presets/thumbnails").then(
      ({ thumbnail }) => (this.thumbnail = thumbnail),
      () => undefined,
    );
    await this.updateComplete;
    const { menu } = this;
    if (!menu) return;
    if (typeof menu.showPopover === "function") menu.showPopover();
    const { left, bottom } = this.opener.getBoundingClientRect();
    menu.style.top = `${bottom + 4}px`;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
    this.#items()
      .find((item) => item.getAttribute("aria-checked") === "true")
      ?.focus();
    if (!menu.matches(":focus-within")) this.#items()[0]?.focus();
  }

  #items(): HTMLElement[] {
    return [...(this.menu?.querySelectorAll<HTMLElement>("[role=menuitemradio]") ?? [])];
  }

  #choose(preset: Preset): void {
    this.#close();
    this.opener.focus();
    this.lab.choosePreset(preset.name);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape" || event.key === "Tab") {
      this.#close();
      this.opener.focus();
      event.stopPropagation();
    } else {
      moveFocus(event, this.#items());
    }
  }

  #title(): string {
    const { data, choices } = this.state;
    if (data.source?.kind === "builtin") {
      return presets.find((preset) => preset.name === choices.preset)?.label ?? data.source.name;
    }
    return data.report?.name ?? data.loading ?? "Data";
  }

  protected override render(): unknown {
    const { choices } = this.state;
    const entry = (preset: Preset) => {
      const chosen = preset.name === choices.preset;
      return html`<button
        type="button"
        role="menuitemradio"
        tabindex="-1"
        aria-checked=${chosen ? "true" : "false"}
        @click=${() => this.#choose(preset)}
      >
        ${this.#picture(preset.data.name)}
        <span>${preset.label}<small>${preset.doc}</small></span>
        ${chosen ? html`<span class="chosen">${icons.check}</span>` : nothing}
      </button>`;
    };
    return html`<button
        class="opener"
        type="button"
        aria-haspopup="menu"
        aria-expanded=${this.open ? "true" : "false"}
        @click=${() => this.#toggle()}
        ${tip("Which data the network learns from: built-in data sets and first lessons.")}
      >
        <span>${this.#title()}</span>${icons.down}
      </button>
      ${
        this.open
          ? html`<div
              class="menu"
              popover="manual"
              role="menu"
              aria-label="Data"
              @keydown=${(e: KeyboardEvent) => this.#key(e)}
            >
              <h3 role="presentation">Data sets</h3>
              ${presets.filter((preset) => !preset.lesson).map(entry)}
              <h3 role="presentation">First lessons</h3>
              ${presets.filter((preset) => preset.lesson).map(entry)}
            </div>`
          : nothing
      }`;
  }

  #picture(name: DataName): TemplateResult {
    return html`<svg class="thumb" viewBox="0 0 44 44" aria-hidden="true">
      ${this.thumbnail?.(name).map(
        ({ x, y, kind }) => svg`<circle class="kind-${kind}" cx=${4 + 36 * x} cy=${40 - 36 * y} r="1.6"></circle>`,
      )}
    </svg>`;
  }
}
