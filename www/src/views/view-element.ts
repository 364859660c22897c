// What all views share: when to draw, how large, in which colours, and what stands there when there is nothing to draw.
//
//   property changes --Lit--> render() --> updated() --> paint()       in the same frame
//   size, theme, coming into sight ----------------------> paint(all)
//
// A view out of sight, or in a hidden page, draws nothing; it catches up when it is seen again.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Box } from "./canvas.js";
import { light } from "../styles/tokens.js";
import { type Palette, readPalette, themePalette } from "./palette.js";

/** Whether there is something to show, something is on its way, or it went wrong. */
export type ViewState = "ready" | "loading" | "failed";

/** For properties that hold names: a new array of the same names is no change, so that no frame repaints for it. */
export const NAMES = {
  attribute: false,
  hasChanged: (now: readonly string[] | undefined, before: readonly string[] | undefined): boolean =>
    nameKey(now) !== nameKey(before),
} as const;

/** Names as one value to compare. */
export function nameKey(names: readonly string[] | undefined): string {
  return names?.join("\u0000") ?? "";
}

/**
 * Device pixels per CSS pixel of a box `width` CSS and `pixels` device pixels wide: exact, so that no row is smeared over
 * two. Where the box does not say so (Safari) or says what cannot be (a scale that is only emulated), the page's ratio.
 */
export function pixelRatio(width: number, pixels: number | undefined, ofPage: number): number {
  const exact = pixels === undefined || width <= 0 ? NaN : pixels / width;
  return Math.abs(exact - ofPage) < 0.1 * ofPage ? exact : ofPage;
}

/** Base of all views. A subclass renders a `.stage` that holds what it draws on, and implements {@link paint}. */
export abstract class ViewElement extends LitElement {
  /** Styles every view begins with. */
  static shared = css`
    :host {
      display: block;
      position: relative;
      min-inline-size: 0;
      color: var(--tg-ink);
      font-size: var(--tg-text-small, 12px);
      line-height: 16px;
      font-variant-numeric: tabular-nums;
    }
    :host([hidden]) {
      display: none;
    }
    * {
      box-sizing: border-box;
    }
    .stage {
      position: relative;
      contain: strict;
    }
    .stage > canvas {
      position: absolute;
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
      pointer-events: none;
    }
    .notice {
      position: absolute;
      inset: 0;
      display: grid;
      place-content: center;
      padding: 16px;
      text-align: center;
      text-wrap: balance;
      color: var(--tg-muted);
      pointer-events: none;
    }
    .notice > span {
      padding: 4px 10px;
      border-radius: var(--tg-radius-small, 6px);
      background: var(--tg-panel);
    }
    .notice.failed > span {
      color: var(--tg-bad);
    }
    :host([state="loading"]) .stage > :not(.notice),
    :host([state="failed"]) .stage > :not(.notice) {
      opacity: 0.35;
    }
    .probe {
      position: absolute;
      inline-size: 0;
      block-size: 0;
      overflow: hidden;
      visibility: hidden;
      color: var(--tg-ink);
      background-color: var(--tg-panel);
      transition:
        color 1ms,
        background-color 1ms;
    }
    .sr {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    .foot {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: start;
      gap: 0 12px;
      margin-block-start: 8px;
      color: var(--tg-muted);
    }
    :focus-visible {
      outline: 2px solid var(--tg-accent);
      outline-offset: 2px;
    }
  `;

  /** "loading" and "failed" show {@link message} over a faint picture. */
  @property({ reflect: true }) state: ViewState = "ready";
  /** One sentence for the states "loading" and "failed". */
  @property() message = "";

  /** Colours of the theme; valid whenever {@link paint} is called. */
  protected palette: Palette = themePalette(light);
  /** The family text on canvases is set in. */
  protected fontFamily = "system-ui, sans-serif";
  /** Size of the stage. */
  protected box: Box = { width: 0, height: 0, ratio: 1 };

  private sizes: ResizeObserver | null = null;
  private sight: IntersectionObserver | null = null;
  private inSight = true;
  private stale = true;
  private colorsStale = true;

  /**
   * Draws. `all`: everything anew (size or colours changed, or frames were missed); else `changed` holds the
   * properties that changed.
   */
  protected abstract paint(all: boolean, changed: PropertyValues): void;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.catchUp);
    if (this.hasUpdated) this.observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.catchUp);
    this.sizes?.disconnect();
    this.sight?.disconnect();
    this.sizes = this.sight = null;
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.observe();
  }

  protected override updated(changed: PropertyValues): void {
    this.draw(changed);
  }

  /** The element whose size is that of the drawing. */
  protected get stage(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".stage");
  }

  /** What every view renders besides its own: the probe that notices a change of theme. */
  protected renderProbe(): TemplateResult {
    return html`<span class="probe" aria-hidden="true" @transitionrun=${this.recolor}></span>`;
  }

  /** The sentence over an empty, loading or failed picture. `empty` stands there when there is nothing yet. */
  protected renderNotice(empty: string | null): TemplateResult | typeof nothing {
    const text = this.state === "ready" ? empty : this.message || (this.state === "loading" ? "Loading…" : empty);
    return text === null ? nothing : html`<div class="notice ${this.state}" role="status"><span>${text}</span></div>`;
  }

  /** Draws everything anew at once. */
  protected repaint(): void {
    this.stale = true;
    this.draw(new Map());
  }

  private observe(): void {
    const stage = this.stage;
    if (stage === null || this.sizes !== null) return;
    this.sizes = new ResizeObserver((entries) => {
      const entry = entries[entries.length - 1];
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      const device = entry.devicePixelContentBoxSize?.[0];
      const ratio = pixelRatio(width, device?.inlineSize, window.devicePixelRatio);
      const same = width === this.box.width && height === this.box.height && ratio === this.box.ratio;
      if (same) return;
      this.box = { width, height, ratio };
      this.resized();
      this.repaint();
    });
    try {
      this.sizes.observe(stage, { box: "device-pixel-content-box" });
    } catch {
      // Safari has no such box; it reports a change of resolution as a resize or not at all.
      this.sizes.observe(stage);
    }
    this.sight = new IntersectionObserver(
      (entries) => {
        this.inSight = entries[entries.length - 1]?.isIntersecting ?? true;
        this.catchUp();
      },
      { rootMargin: "100px" },
    );
    this.sight.observe(this);
  }

  /** Called when {@link box} has changed, before painting. */
  protected resized(): void {
    // Views with a layout of their own renew it here.
  }

  private readonly catchUp = (): void => {
    if (this.stale) this.draw(new Map());
  };

  private readonly recolor = (): void => {
    this.colorsStale = true;
    this.repaint();
  };

  private draw(changed: PropertyValues): void {
    if (!this.inSight || document.hidden || this.box.width === 0 || this.box.height === 0) {
      this.stale = true;
      return;
    }
    const all = this.stale || this.colorsStale;
    if (this.colorsStale) {
      const probe = this.renderRoot.querySelector<HTMLElement>(".probe");
      if (probe === null) return;
      this.palette = readPalette(probe);
      this.fontFamily = getComputedStyle(probe).fontFamily || this.fontFamily;
      this.colorsStale = false;
    }
    this.stale = false;
    this.paint(all, changed);
  }
}
