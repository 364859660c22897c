// All views. Importing this file defines their elements.

export { TabgradDataTable } from "./data-table.js";
export { TabgradNetworkView } from "./network/network-view.js";
export { TabgradCurves } from "./curves/curves.js";
export { TabgradSurface } from "./surface/surface.js";
export { TabgradLineFit } from "./line-fit/line-fit.js";
export { TabgradConfusion } from "./confusion/confusion.js";
export { TabgradSampleView } from "./sample/sample-view.js";
export { TabgradHistogram } from "./histogram/histogram.js";
