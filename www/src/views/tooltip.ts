// The box beside the pointer (or the keyboard's cursor) that says what lies there.

import { css, html, nothing, type TemplateResult } from "lit";
import { cssVars } from "./css-vars.js";

export interface Readout {
  title: string;
  /** Name and value. */
  rows: [name: string, value: string][];
  /** What else is to be said; null: nothing. */
  note: string | null;
}

export const tooltipStyles = css`
  .readout {
    position: absolute;
    z-index: 2;
    inset-block-start: var(--y);
    left: var(--x);
    min-inline-size: 120px;
    max-inline-size: 220px;
    padding: 8px 10px;
    border: 1px solid var(--tg-line);
    border-radius: var(--tg-radius-small, 6px);
    background: var(--tg-panel);
    box-shadow: var(--tg-shadow);
    color: var(--tg-ink);
    pointer-events: none;
  }
  .readout b {
    display: block;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .readout dl {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0 12px;
    margin: 4px 0 0;
  }
  .readout dt {
    color: var(--tg-muted);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .readout dd {
    margin: 0;
    text-align: end;
  }
  .readout small {
    font-size: inherit;
    color: var(--tg-muted);
  }
`;

export interface TooltipPlace {
  x: number;
  y: number;
  /** Distance to keep from the point. */
  reach: number;
  /** What it must stay inside. */
  width: number;
  height: number;
}

/** Beside the point, on the side where there is room. */
export function placeTooltip(readout: Readout, { x, y, reach, width, height }: TooltipPlace): { x: number; y: number } {
  const widest = 210;
  const tall = 60 + 16 * (readout.rows.length + (readout.note === null ? 0 : 1));
  const right = x + reach;
  const left = x - reach - widest;
  return {
    x: right + widest <= width ? right : left >= 0 ? left : Math.max(0, width - widest),
    y: Math.max(4, Math.min(height - tall - 4, y - 20)),
  };
}

export function renderTooltip(readout: Readout, place: TooltipPlace): TemplateResult {
  const at = placeTooltip(readout, place);
  return html`<div
    class="readout"
    aria-hidden="true"
    ${cssVars({ "--x": `${at.x.toFixed(1)}px`, "--y": `${at.y.toFixed(1)}px` })}
  >
    <b>${readout.title}</b>
    ${
      readout.rows.length === 0
        ? nothing
        : html`<dl>
            ${readout.rows.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd>${value}</dd>`,
            )}
          </dl>`
    }
    ${readout.note === null ? nothing : html`<small>${readout.note}</small>`}
  </div>`;
}

/** The same as one sentence, for the live region. */
export function readoutSentence(readout: Readout): string {
  const rows = readout.rows.map(([name, value]) => `${name} ${value}`).join(", ");
  return [readout.title, rows, readout.note].filter((part) => part !== null && part !== "").join(": ");
}
