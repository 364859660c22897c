// The one tooltip of a playground. It listens on its host for elements explained by `tip()`, waits a moment on hover, shows at
// once on keyboard focus, stays while the pointer is on it, and goes with Escape (WCAG 1.4.13).

import { css, html, LitElement } from "lit";
import { state } from "lit/decorators.js";
import { TIP_IN, TIP_OUT, tipOf } from "./tip";

const SHOW_AFTER_MS = 350;
const HIDE_AFTER_MS = 120;
const GAP = 6;

export class TabgradTooltip extends LitElement {
  static override styles = css`
    :host {
      position: fixed;
      z-index: 10;
      inset: auto;
      margin: 0;
      padding: 8px 10px;
      box-sizing: border-box;
      max-width: min(280px, 90vw);
      width: max-content;
      border: 0;
      border-radius: var(--tg-radius-small);
      background: var(--tg-ink);
      color: var(--tg-panel);
      font: var(--tg-text-small) / 16px var(--tg-font);
      overflow: visible;
    }
    :host(:not([open])) {
      display: none;
    }
    kbd {
      font: inherit;
      margin-left: 8px;
      padding: 0 6px;
      border: 1px solid color-mix(in srgb, currentColor 45%, transparent);
      border-radius: 3px;
      white-space: nowrap;
    }
  `;

  @state() private text = "";
  @state() private keys: string | undefined;

  #root: HTMLElement | null = null;
  #target: Element | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("popover", "manual");
    this.setAttribute("role", "tooltip");
    // The description is on the element itself; read a second time it would only disturb.
    this.setAttribute("aria-hidden", "true");
    const root = (this.getRootNode() as ShadowRoot).host;
    if (!(root instanceof HTMLElement)) return;
    this.#root = root;
    root.addEventListener("pointerover", this.#over);
    root.addEventListener("pointerleave", this.#leave);
    root.addEventListener(TIP_IN, this.#focus);
    root.addEventListener(TIP_OUT, this.#leave);
    root.addEventListener("keydown", this.#key, true);
    root.addEventListener("pointerdown", this.#press, true);
    root.addEventListener("click", this.#tap);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    const root = this.#root;
    if (!root) return;
    root.removeEventListener("pointerover", this.#over);
    root.removeEventListener("pointerleave", this.#leave);
    root.removeEventListener(TIP_IN, this.#focus);
    root.removeEventListener(TIP_OUT, this.#leave);
    root.removeEventListener("keydown", this.#key, true);
    root.removeEventListener("pointerdown", this.#press, true);
    root.removeEventListener("click", this.#tap);
    this.#root = null;
  }

  readonly #over = (event: PointerEvent) => {
    if (event.composedPath().includes(this)) {
      clearTimeout(this.#timer);
      return;
    }
    if (event.pointerType === "touch") return;
    const found = tipOf(event);
    if (found?.element === this.#target && this.hasAttribute("open")) clearTimeout(this.#timer);
    else if (found) this.#later(() => this.#show(found), SHOW_AFTER_MS);
    else this.#leave();
  };

  readonly #leave = () => {
    this.#later(() => this.#hide(), HIDE_AFTER_MS);
  };

  readonly #focus = (event: Event) => {
    const target = event.composedPath()[0];
    const found = tipOf(event);
    // Fields explain themselves whichever way they were reached (a finger has no hover); buttons only to the keyboard.
    const field = target instanceof HTMLElement && target.matches("input, textarea");
    if (found && target instanceof HTMLElement && (field || target.matches(":focus-visible"))) {
      this.#later(() => this.#show(found), field ? SHOW_AFTER_MS : 0);
    }
  };

  readonly #key = (event: KeyboardEvent) => {
    if (event.key === "Escape") this.#hide();
  };

  readonly #press = () => {
    clearTimeout(this.#timer);
    this.#hide();
  };

  /** A finger cannot hover: what does nothing else when it is tapped explains itself. */
  readonly #tap = (event: MouseEvent) => {
    if (!(event instanceof PointerEvent) || event.pointerType !== "touch") return;
    const found = tipOf(event);
    if (found && !found.element.matches("button, label, input, select, [role=button]")) this.#show(found);
  };

  #later(what: () => void, after: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(what, after);
  }

  #hide(): void {
    this.#target = null;
    this.removeAttribute("open");
    if (this.matches(":popover-open")) this.hidePopover();
  }

  #show(found: { element: Element; text: string; keys?: string }): void {
    if (!found.element.isConnected || found.element.matches("[aria-expanded=true]")) return;
    this.#target = found.element;
    this.text = found.text;
    this.keys = found.keys;
    this.setAttribute("open", "");
    if (typeof this.showPopover === "function" && !this.matches(":popover-open")) this.showPopover();
    void this.updateComplete.then(() => this.#place(found.element));
  }

  #place(target: Element): void {
    const about = target.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    const below = about.bottom + GAP + own.height < innerHeight;
    const left = Math.min(innerWidth - own.width - 8, Math.max(8, about.left + about.width / 2 - own.width / 2));
    this.style.left = `${left}px`;
    this.style.top = `${below ? about.bottom + GAP : Math.max(8, about.top - GAP - own.height)}px`;
  }

  protected override render(): unknown {
    return html`${this.text}${this.keys === undefined ? null : html`<kbd>${this.keys}</kbd>`}`;
  }
}
