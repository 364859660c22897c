// How buttons, fields and panels look, shared by every element of the page as one constructed style sheet.

import { css } from "lit";

/** Type, boxes, focus: what each shadow root begins with. */
export const base = css`
  :host {
    display: block;
    box-sizing: border-box;
    min-width: 0;
    color: var(--tg-ink);
    font: var(--tg-text) / var(--tg-line-height) var(--tg-font);
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--tg-accent);
    outline-offset: 2px;
  }
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  fieldset {
    border: 0;
    min-width: 0;
  }
  .icon {
    flex: none;
    display: block;
  }
  .small {
    font-size: var(--tg-text-small);
    line-height: 16px;
  }
  .muted {
    color: var(--tg-muted);
  }
  .grow {
    flex: 1;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

export const panel = css`
  .panel {
    background: var(--tg-panel);
    border: 1px solid var(--tg-line);
    border-radius: var(--tg-radius);
    padding: 12px 16px 16px;
    min-width: 0;
  }
  .panel > header,
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
    margin-bottom: 8px;
  }
  h2 {
    font-size: var(--tg-text);
    line-height: 24px;
    font-weight: 600;
    letter-spacing: -0.005em;
  }
  h3 {
    font-size: var(--tg-text-small);
    line-height: 16px;
    font-weight: 600;
    color: var(--tg-muted);
  }
  .aside {
    margin-left: auto;
    color: var(--tg-muted);
    font-size: var(--tg-text-small);
    line-height: 16px;
    text-align: right;
    min-width: 0;
  }
  .empty {
    color: var(--tg-muted);
    padding: 12px 0;
  }
`;

export const buttons = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: var(--tg-control);
    padding: 0 12px;
    border: 1px solid var(--tg-line);
    border-radius: var(--tg-radius-small);
    background: var(--tg-panel);
    color: var(--tg-ink);
    font: inherit;
    white-space: nowrap;
    cursor: pointer;
    user-select: none;
    touch-action: manipulation;
    transition:
      background-color var(--tg-quick),
      border-color var(--tg-quick);
  }
  button:hover:not(:disabled) {
    background: var(--tg-soft);
  }
  button:disabled {
    color: var(--tg-muted);
    opacity: 0.6;
    cursor: default;
  }
  button.primary {
    background: var(--tg-accent);
    border-color: var(--tg-accent);
    color: var(--tg-on-accent);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--tg-accent) 88%, var(--tg-ink));
  }
  button.quiet {
    border-color: transparent;
    background: none;
    color: var(--tg-muted);
  }
  button.quiet:hover:not(:disabled),
  button.quiet[aria-expanded="true"] {
    background: var(--tg-soft);
    color: var(--tg-ink);
  }
  button.icon-only {
    padding: 0;
    width: var(--tg-control);
  }
  button.small {
    min-height: max(24px, calc(var(--tg-control) - 8px));
    padding: 0 8px;
  }
`;

export const fields = css`
  label {
    display: block;
    min-width: 0;
  }
  input:not([type="checkbox"], [type="range"], [type="file"]),
  select {
    width: 100%;
    min-height: var(--tg-control);
    padding: 0 10px;
    border: 1px solid var(--tg-line);
    border-radius: var(--tg-radius-small);
    background: var(--tg-panel);
    color: inherit;
    font: inherit;
    font-variant-numeric: tabular-nums;
    text-overflow: ellipsis;
  }
  input:hover,
  select:hover {
    border-color: var(--tg-edge);
  }
  input[aria-invalid="true"] {
    border-color: var(--tg-bad);
  }
  select {
    appearance: none;
    padding-right: 26px;
    cursor: pointer;
  }
  /* The arrow of a select, on the element around it. */
  .arrow {
    position: relative;
    display: block;
  }
  .arrow::after {
    content: "";
    position: absolute;
    right: 12px;
    top: 50%;
    width: 6px;
    height: 6px;
    margin-top: -5px;
    border: solid var(--tg-muted);
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(45deg);
    pointer-events: none;
  }
  input[type="checkbox"] {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--tg-accent);
  }
  .caption {
    display: block;
    margin-bottom: 4px;
    color: var(--tg-muted);
    font-size: var(--tg-text-small);
    line-height: 16px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* A label beside its field stands above it where the place around has no room, and says so. */
  .caption.over {
    display: var(--tg-over, none);
  }
  .check {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: var(--tg-control);
    cursor: pointer;
  }
`;

export const progressBar = css`
  progress {
    display: block;
    width: 100%;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    appearance: none;
    background: var(--tg-line);
  }
  progress::-webkit-progress-bar {
    background: var(--tg-line);
  }
  progress::-webkit-progress-value {
    background: var(--tg-accent);
  }
  progress::-moz-progress-bar {
    background: var(--tg-accent);
  }
`;
