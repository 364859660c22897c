// Legends: what colours, marks and fillings stand for.

import { css, html, nothing, svg, type TemplateResult } from "lit";
import { markPath, type MarkName } from "./marks.js";
import { formatCount } from "./numbers.js";
import { PARTS } from "./points.js";
import { classCss, classMark } from "./scales.js";

export const legendStyles = css`
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    min-inline-size: 0;
  }
  .legend .item {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-inline-size: 0;
    max-inline-size: 180px;
  }
  .legend .item > span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .legend svg {
    flex: none;
    inline-size: 12px;
    block-size: 12px;
    overflow: visible;
  }
  .legend .item.values {
    max-inline-size: none;
    white-space: nowrap;
  }
  .legend .scale {
    inline-size: 72px;
    block-size: 8px;
    border-radius: 4px;
    border: 1px solid var(--tg-line);
    background: linear-gradient(to right, var(--tg-negative), var(--tg-panel), var(--tg-positive));
  }
`;

/** Classes that a legend names; more are counted. */
const MOST = 12;

const item = (mark: TemplateResult, text: string): TemplateResult =>
  html`<span class="item" title=${text}
    ><svg viewBox="-6 -6 12 12" aria-hidden="true">${mark}</svg><span>${text}</span></span
  >`;

/** Marks and names of classes. */
export function classLegend(classes: readonly string[]): TemplateResult {
  return html`${classes.slice(0, MOST).map((name, i) => item(svg`<path d=${markPath(classMark(i), 4.2)} fill=${classCss(i)} />`, name))}
  ${classes.length > MOST ? html`<span class="item">and ${formatCount(classes.length - MOST)} more</span>` : nothing}`;
}

/** How the parts of the rows are told apart, for those that there are; nothing when all are of one part. */
export function partLegend(
  parts: Uint8Array,
  color = "var(--tg-muted)",
  mark: MarkName = "circle",
): TemplateResult | typeof nothing {
  const present = PARTS.filter((_, part) => parts.includes(part));
  if (present.length < 2) return nothing;
  const path = markPath(mark, 4.2);
  const marks: Record<(typeof PARTS)[number], TemplateResult> = {
    train: svg`<path d=${path} fill=${color} />`,
    validation: svg`<path d=${path} fill=${color} /><circle r="1.8" fill="var(--tg-panel)" />`,
    test: svg`<path d=${path} fill="var(--tg-panel)" stroke=${color} stroke-width="1.6" />`,
  };
  return html`${present.map((part) => item(marks[part], part))}`;
}
