// The views of every page. Importing this file defines their elements. (<tabgrad-sample-view> comes when rows are pictures or
// sequences, <tabgrad-line-fit> when there is one column to draw over.)

export { TabgradDataTable } from "./data-table.js";
export { TabgradNetworkView } from "./network/network-view.js";
export { TabgradCurves } from "./curves/curves.js";
export { TabgradSurface } from "./surface/surface.js";
export { TabgradConfusion } from "./confusion/confusion.js";
export { TabgradHistogram } from "./histogram/histogram.js";
