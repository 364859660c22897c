// What lies over the canvases of the network as HTML: bands, headings with their size buttons, names of inputs and classes.

import { html, nothing, svg, type TemplateResult } from "lit";
import { cssVars } from "../css-vars.js";
import { markPath } from "../marks.js";
import { formatCount } from "../numbers.js";
import { classCss, classMark } from "../scales.js";
import { columnDetail, columnTitle } from "./graph.js";
import type { NetworkLayout, PlacedColumn } from "./layout.js";

const px = (value: number): string => `${value.toFixed(1)}px`;

/** Two size buttons side by side need this much for a finger. */
const TIGHT = 92;

/** Where a column's band lies, `widest` across at most. */
const bandVars = (column: PlacedColumn, widest: number): Record<string, string> => ({
  "--x": px(column.x),
  "--top": px(column.top),
  "--tall": px(column.bottom - column.top),
  "--room": px(Math.min(widest, column.room)),
});

/** The ground of a column, which shows that it is selected. */
export function bandTemplate(column: PlacedColumn, selected: boolean): TemplateResult {
  return html`<div class="band ${selected ? "selected" : ""}" ${cssVars(bandVars(column, 96))}></div>`;
}

export interface HeadingOptions {
  selected: boolean;
  /** The tab index of its buttons: 0 in the column that the tab key stops at. */
  tab: number;
  resizable: boolean;
  mostUnits: number;
  onFocus: () => void;
  onResize: (event: Event, delta: number) => void;
}

/** Title and activation of a layer as a button that selects it, and the buttons that resize it. */
export function headingTemplate(column: PlacedColumn, options: HeadingOptions): TemplateResult {
  const { selected, tab } = options;
  const title = columnTitle(column);
  // Begins with what is seen, so that it can be said to a voice control.
  const second = columnDetail(column);
  const seen = second === null ? title : `${title} ${second}`;
  const detail = `${seen}, ${column.name}, ${formatCount(column.parameters)} parameters`;
  return html`<div
    class="layer ${selected ? "selected" : ""} ${column.room < TIGHT ? "tight" : ""}"
    ${cssVars(bandVars(column, 132))}
  >
    <button
      class="heading"
      data-column=${column.index}
      tabindex=${tab}
      aria-pressed=${column.layer < 0 ? nothing : selected ? "true" : "false"}
      aria-label=${detail}
      title=${detail}
      @focus=${options.onFocus}
    >
      ${title} <small>${second ?? nothing}</small>
    </button>
    ${options.resizable ? sizesTemplate(column, options) : nothing}
  </div>`;
}

function sizesTemplate(column: PlacedColumn, { tab, mostUnits, onResize }: HeadingOptions): TemplateResult {
  const change = (delta: number, label: string, sign: TemplateResult, possible: boolean): TemplateResult =>
    html`<button
      tabindex=${tab}
      aria-label="${label}, ${column.name}"
      title=${label}
      ?disabled=${!possible}
      @click=${(event: Event) => onResize(event, delta)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">${sign}</svg>
    </button>`;
  return html`<div class="sizes">
    ${change(-1, "One unit less (−)", svg`<path d="M8 12h8" />`, column.units > 1)}
    ${change(1, "One unit more (+)", svg`<path d="M8 12h8M12 8v8" />`, column.units < mostUnits)}
  </div>`;
}

/** Names of inputs and outputs, and how many units are not shown. */
export function* nameTemplates(layout: NetworkLayout): Generator<TemplateResult> {
  for (const column of layout.columns) {
    yield* namesOf(column, layout);
    if (column.more > 0) {
      const place = { "--x": px(column.x), "--y": px(column.moreY), "--wide": px(column.room) };
      yield html`<span class="more" ${cssVars(place)}>… ${formatCount(column.more)} more</span>`;
    }
  }
}

function* namesOf(column: PlacedColumn, layout: NetworkLayout): Generator<TemplateResult> {
  const { labels, classes, tile } = column;
  if (labels === null) return;
  const side = layout.labels === "below" ? "below" : column.kind === "input" ? "left" : "right";
  const x = side === "below" ? column.x : column.x + (side === "left" ? -1 : 1) * (tile / 2 + 8);
  for (let i = 0; i < column.ys.length; i++) {
    const y = (column.ys[i] as number) + (side === "below" ? tile / 2 + 9 : 0);
    const place = { "--x": px(x), "--y": px(y), "--wide": px(layout.labelWidth) };
    yield html`<span class="name ${side}" title=${labels[i] ?? ""} ${cssVars(place)}
      >${classes === null ? nothing : markTemplate(classes[i] ?? i)}${labels[i]}</span
    >`;
  }
}

function markTemplate(index: number): TemplateResult {
  const mark = svg`<path d=${markPath(classMark(index), 3.6)} fill=${classCss(index)} />`;
  return html`<svg viewBox="-5 -5 10 10" aria-hidden="true">${mark}</svg>`;
}
