// What draws curves: uPlot with its style sheet and our options. Only ./library.ts imports this, when there is a first point
// to draw: nobody needs it before the first step of a training, and it is a fifth of the page.

import { unsafeCSS } from "lit";
import uPlot from "uplot";
import uplotCss from "uplot/dist/uPlot.min.css?inline";

export { plotOptions } from "./plot.js";
export { uPlot };

/** Of uPlot. As a style sheet of the shadow root: a page may refuse <style> elements. */
export const styleSheet = unsafeCSS(uplotCss).styleSheet;
