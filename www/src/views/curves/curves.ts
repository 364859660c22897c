// <tabgrad-curves>: the loss or a metric by epoch, training solid and validation dashed.
//
// The line above the curves says the latest values, or those under the cursor. Keyboard: the curves are one tab stop;
// left and right move the cursor, Page Up and Page Down move it by a tenth, Home and End to the ends, Escape leaves.

import { css, html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type uPlot from "uplot";
import type { EpochRecord } from "../../engine/protocol.js";
import "../data-table.js";
import { formatCount, formatMetric } from "../numbers.js";
import { ViewElement } from "../view-element.js";
import { type CurveData, HistoryFollower, historyTable, positiveOnly, scoreOf } from "./history.js";
import { library } from "./library.js";

@customElement("tabgrad-curves")
export class TabgradCurves extends ViewElement {
  static override styles = [
    ViewElement.shared,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 16px;
        min-block-size: 24px;
        color: var(--tg-muted);
      }
      .key {
        display: inline-flex;
        align-items: baseline;
        gap: 6px;
        white-space: nowrap;
      }
      .key svg {
        inline-size: 18px;
        block-size: 8px;
        overflow: visible;
        stroke-width: 2;
        fill: none;
      }
      .train {
        stroke: var(--tg-class-0);
      }
      .validation {
        stroke: var(--tg-class-1);
        stroke-dasharray: 5 4;
      }
      .key b {
        font-weight: 600;
        color: var(--tg-ink);
        min-inline-size: 5.5ch;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 16px;
      }
      .epoch {
        white-space: nowrap;
      }
      .epoch:first-child {
        margin-inline-start: auto;
      }
      .stage {
        block-size: var(--tg-curves-height, 150px);
        border-radius: var(--tg-radius-small, 6px);
      }
      .plot {
        position: absolute;
        inset: 0;
      }
      .uplot {
        font: inherit;
      }
      .u-cursor-x {
        border-inline-end-color: var(--tg-muted);
      }
      .empty line {
        stroke: var(--tg-line);
      }
      .empty {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        cursor: pointer;
      }
      input {
        accent-color: var(--tg-accent);
        margin: 0;
      }
      .foot {
        margin-block-start: 4px;
      }
      @media (pointer: coarse) {
        label {
          min-block-size: 44px;
          margin-block: -14px;
        }
      }
    `,
  ];

  /** All epochs so far, in order. It may grow in place; feed a new array, or call requestUpdate, when it has. */
  @property({ attribute: false, hasChanged: () => true }) history: readonly EpochRecord[] = [];
  /** "loss", "price_loss" or the name of a metric. */
  @property() metric = "loss";
  /** What the curves are called, if not by their metric. */
  @property() name = "";
  @property({ type: Boolean }) running = false;
  /** Offers the logarithmic axis; by itself for losses. */
  @property({ type: Boolean }) logarithmic = false;

  @state() private at: number | null = null;

  private readonly follower = new HistoryFollower();
  private data: CurveData = [[], [], []];
  private plot: uPlot | null = null;
  private drawn = { metric: "", logarithmic: false };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.plot?.destroy();
    this.plot = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.repaint();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("history") && !changed.has("metric")) return;
    const data = this.follower.follow(this.history, this.metric);
    this.data = data;
    if (this.at !== null && this.at >= data[0].length) this.at = null;
  }

  private get called(): string {
    const words = this.name || this.metric.replaceAll("_", " ");
    return words.charAt(0).toLocaleUpperCase() + words.slice(1);
  }

  /** Of all outputs, or of one by its name. */
  private get isLoss(): boolean {
    return /(^|_)loss$/.test(this.metric);
  }

  private get log(): boolean {
    return this.logarithmic && this.isLoss;
  }

  protected override paint(all: boolean, changed: PropertyValues): void {
    const holder = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (holder === null) return;
    if (this.data[0].length === 0) {
      this.plot?.destroy();
      this.plot = null;
      return;
    }
    const drawing = library(() => {
      if (this.isConnected) this.repaint();
    });
    if (drawing === null) return;
    this.adopt(drawing.styleSheet);
    const shown = this.log ? positiveOnly(this.data) : this.data;
    const { metric, log: logarithmic } = this;
    if (this.plot === null || all || this.drawn.metric !== metric || this.drawn.logarithmic !== logarithmic) {
      this.plot?.destroy();
      const { width, height } = this.box;
      this.plot = new drawing.uPlot(
        drawing.plotOptions({
          width,
          height,
          metric,
          logarithmic,
          palette: this.palette,
          fontFamily: this.fontFamily,
          onCursor: (index) => {
            // A new plot, or new data, has no cursor of its own: that is no reason to lose the keyboard's.
            if (index !== this.at && !this.byKey) this.at = index;
          },
        }),
        shown,
        holder,
      );
      this.drawn = { metric, logarithmic };
    } else if (changed.has("history") || changed.has("metric")) {
      this.plot.setData(shown);
    } else {
      return;
    }
    if (this.byKey) this.placeCursor();
  }

  /** In front of the element's own styles, which change some of it. */
  private adopt(sheet: CSSStyleSheet | undefined): void {
    const { shadowRoot } = this;
    if (sheet === undefined || shadowRoot === null || shadowRoot.adoptedStyleSheets.includes(sheet)) return;
    shadowRoot.adoptedStyleSheets = [sheet, ...shadowRoot.adoptedStyleSheets];
  }

  protected override render(): TemplateResult {
    const [epochs, train, validation] = this.data;
    const at = this.at ?? epochs.length - 1;
    const none = epochs.length === 0;
    const epoch = epochs[at];
    const last = this.history[this.history.length - 1];
    const validates = last === undefined || last.validation !== null;
    const value = (series: (number | null)[]): string => formatMetric(this.metric, series[at]);
    return html`${this.renderProbe()}
      <div class="head">
        ${this.renderKey("train", value(train))}
        ${validates ? this.renderKey("validation", value(validation)) : nothing}
      </div>
      <div
        class="stage"
        tabindex=${none ? nothing : "0"}
        role="img"
        aria-label=${this.describe()}
        aria-keyshortcuts="ArrowLeft ArrowRight Home End"
        @keydown=${this.pressed}
        @blur=${() => this.moveCursor(null)}
        @pointermove=${() => (this.byKey = false)}
      >
        ${
          none
            ? svg`<svg class="empty" aria-hidden="true">${[0.1, 0.5, 0.9].map((y) => svg`<line x1="44" x2="100%" y1="${y * 100 - 4}%" y2="${y * 100 - 4}%" />`)}</svg>`
            : nothing
        }
        <div class="plot"></div>
        ${this.renderNotice(none ? `${this.called} by epoch appears here while it trains.` : null)}
      </div>
      <div class="foot">
        <span class="line"
          >${
            this.isLoss
              ? html`<label
                  ><input type="checkbox" .checked=${this.logarithmic} @change=${this.toggled} />logarithmic</label
                >`
              : nothing
          }<span class="epoch">${none ? nothing : `epoch ${formatCount(epoch)}`}</span></span
        >
        <tabgrad-data-table
          .label=${`${this.called} by epoch`}
          .source=${guard([this.history, this.history.length, this.metric], () => {
            const { history, metric } = this;
            return () => historyTable(history, metric);
          })}
        ></tabgrad-data-table>
      </div>
      <span class="sr" aria-live="polite"
        >${this.at === null || !this.byKey ? "" : `epoch ${formatCount(epoch)}: train ${value(train)}, validation ${value(validation)}`}</span
      >`;
  }

  private renderKey(series: "train" | "validation", value: string): TemplateResult {
    return html`<span class="key"
      ><svg viewBox="0 0 18 8" aria-hidden="true">${svg`<path class=${series} d="M0 4H18" />`}</svg>${series}
      <b>${value}</b></span
    >`;
  }

  private describe(): string {
    const last = this.history[this.history.length - 1];
    if (last === undefined) return `${this.called} by epoch: nothing yet`;
    const first = this.history[0] as EpochRecord;
    const range = (part: "train" | "validation"): string | null => {
      const [from, to] = [scoreOf(first[part], this.metric), scoreOf(last[part], this.metric)];
      return to === null ? null : `${part} from ${formatMetric(this.metric, from)} to ${formatMetric(this.metric, to)}`;
    };
    const ranges = [range("train"), range("validation")].filter((part) => part !== null);
    return `${this.called} over ${formatCount(this.history.length)} epochs: ${ranges.join(", ") || "no values"}`;
  }

  private readonly toggled = (event: Event): void => {
    this.logarithmic = (event.target as HTMLInputElement).checked;
  };

  /** The cursor stands where a key put it, and is read out. */
  private byKey = false;

  private readonly pressed = (event: KeyboardEvent): void => {
    const last = this.data[0].length - 1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.at ?? last;
    const tenth = Math.max(1, Math.round(last / 10));
    const moves: Partial<Record<string, number | null>> = {
      ArrowLeft: Math.max(0, at - 1),
      ArrowRight: Math.min(last, at + 1),
      PageUp: Math.max(0, at - tenth),
      PageDown: Math.min(last, at + tenth),
      Home: 0,
      End: last,
      Escape: null,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    this.moveCursor(moves[event.key] ?? null);
  };

  private moveCursor(index: number | null): void {
    this.byKey = index !== null;
    this.at = index;
    this.placeCursor();
  }

  /** Puts the plot's cursor where {@link at} says. */
  private placeCursor(): void {
    const epoch = this.at === null ? undefined : this.data[0][this.at];
    const left = epoch === undefined || this.plot === null ? -10 : this.plot.valToPos(epoch, "x");
    this.plot?.setCursor({ left, top: epoch === undefined ? -10 : 10 });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-curves": TabgradCurves;
  }
}
