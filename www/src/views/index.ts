// All views. Importing this file defines their elements.

export { TabgradDataTable } from "./data-table.js";
export { TabgradNetworkView } from "./network/network-view.js";
