// The views of every page. Importing this file defines their elements. (<tabgrad-sample-view> comes when rows are pictures or
// sequences.)

export { TabgradDataTable } from "./data-table.js";
export { TabgradNetworkView } from "./network/network-view.js";
export { TabgradCurves } from "./curves/curves.js";
export { TabgradSurface } from "./surface/surface.js";
export { TabgradLineFit } from "./line-fit/line-fit.js";
export { TabgradConfusion } from "./confusion/confusion.js";
export { TabgradHistogram } from "./histogram/histogram.js";
