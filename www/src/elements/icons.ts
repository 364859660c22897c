// The few icons, drawn on a grid of 16 with a stroke of 1.5 in the colour of the text beside them. All are decoration: what
// they stand for is said in words.

import { svg, type TemplateResult } from "lit";

const line = (path: string): TemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"><path d=${path}></path></svg>`;

const solid = (path: string): TemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="currentColor"><path d=${path}></path></svg>`;

export const icons = {
  play: solid("M4.5 2.8v10.4c0 .6.7 1 1.2.7l8.2-5.2c.5-.3.5-1 0-1.4L5.7 2.1c-.5-.3-1.2 0-1.2.7z"),
  pause: solid(
    "M4 2.5h2.5c.3 0 .5.2.5.5v10c0 .3-.2.5-.5.5H4c-.3 0-.5-.2-.5-.5V3c0-.3.2-.5.5-.5zm5.5 0H12c.3 0 .5.2.5.5v10c0 .3-.2.5-.5.5H9.5c-.3 0-.5-.2-.5-.5V3c0-.3.2-.5.5-.5z",
  ),
  step: line("M3.5 3v10l6.5-5zM12.5 3v10"),
  reset: line("M3 8a5 5 0 1 0 1.7-3.75M4.5 1.5v3h3"),
  down: line("M4.5 6.5 8 10l3.5-3.5"),
  right: line("M6.5 4.5 10 8l-3.5 3.5"),
  left: line("M9.5 4.5 6 8l3.5 3.5"),
  plus: line("M8 3.5v9M3.5 8h9"),
  minus: line("M3.5 8h9"),
  close: line("M4 4l8 8M12 4l-8 8"),
  open: line("M2 12.5v-9h4l1.5 2H14v7z"),
  save: line("M8 2.5v8M4.8 7.5 8 10.5l3.2-3M2.5 13.5h11"),
  load: line("M8 10.5v-8M4.8 5.7 8 2.5l3.2 3.2M2.5 13.5h11"),
  link: line(
    "M6.5 9.5a2.8 2.8 0 0 0 4 0l2-2a2.8 2.8 0 0 0-4-4l-.7.7M9.5 6.5a2.8 2.8 0 0 0-4 0l-2 2a2.8 2.8 0 0 0 4 4l.7-.7",
  ),
  sun: line(
    "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  ),
  moon: line("M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z"),
  bin: line("M3 4.5h10M6.5 4.5V3h3v1.5M4.2 4.5l.6 8.5h6.4l.6-8.5"),
  sliders: line("M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5v3M6 9.5v3"),
  target: line("M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z"),
  warn: line("M8 2.5 14 13H2zM8 6.5v3M8 11.3v.1"),
  info: line("M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 7.5v3.5M8 5.2v.1"),
  bolt: line("M8.8 1.8 3.5 9H8l-.8 5.2L12.5 7H8z"),
  check: line("M3.5 8.5 6.5 11.5 12.5 4.5"),
};
