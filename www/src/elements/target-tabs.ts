// Which of several targets scores and pictures are of: a tab for each. With one target there is nothing to choose.

import { html, nothing } from "lit";
import type { Lab } from "../store/lab";
import { need } from "./lazy";

export function targetTabs(lab: Lab): unknown {
  if (!lab.state.data.report?.targets) return nothing;
  need("tabgrad-target-tabs");
  return html`<tabgrad-target-tabs .lab=${lab}></tabgrad-target-tabs>`;
}
