// Defines <tabgrad-playground> and everything inside it. Loading this twice does no harm.

import "../views/index";
import { TabgradAnnouncer } from "./announcer";
import { TabgradArgumentField } from "./argument-field";
import { TabgradColumnRow } from "./column-row";
import { TabgradCurvesPanel } from "./curves-panel";
import { TabgradDataMenu } from "./data-menu";
import { TabgradDataPanel } from "./data-panel";
import { TabgradEngineBadge } from "./engine-badge";
import { TabgradHeader } from "./header";
import { TabgradLayerBar } from "./layer-bar";
import { TabgradMessages } from "./messages";
import { TabgradNetworkPanel } from "./network-panel";
import { TabgradNumberField } from "./number-field";
import { TabgradPlayground } from "./playground";
import { TabgradPredictPanel } from "./predict-panel";
import { TabgradResultPanel } from "./result-panel";
import { TabgradSelectField } from "./select-field";
import { TabgradSplitPanel } from "./split-panel";
import { TabgradTestPanel } from "./test-panel";
import { TabgradTooltip } from "./tooltip";
import { TabgradTrainBar } from "./train-bar";
import { TabgradTrainingSettings } from "./training-settings";

const elements = {
  "tabgrad-announcer": TabgradAnnouncer,
  "tabgrad-argument-field": TabgradArgumentField,
  "tabgrad-column-row": TabgradColumnRow,
  "tabgrad-curves-panel": TabgradCurvesPanel,
  "tabgrad-data-menu": TabgradDataMenu,
  "tabgrad-data-panel": TabgradDataPanel,
  "tabgrad-engine-badge": TabgradEngineBadge,
  "tabgrad-header": TabgradHeader,
  "tabgrad-layer-bar": TabgradLayerBar,
  "tabgrad-messages": TabgradMessages,
  "tabgrad-network-panel": TabgradNetworkPanel,
  "tabgrad-number-field": TabgradNumberField,
  "tabgrad-predict-panel": TabgradPredictPanel,
  "tabgrad-result-panel": TabgradResultPanel,
  "tabgrad-select-field": TabgradSelectField,
  "tabgrad-split-panel": TabgradSplitPanel,
  "tabgrad-test-panel": TabgradTestPanel,
  "tabgrad-tooltip": TabgradTooltip,
  "tabgrad-train-bar": TabgradTrainBar,
  "tabgrad-training-settings": TabgradTrainingSettings,
  // The outermost last: its parts are known when it first draws.
  "tabgrad-playground": TabgradPlayground,
};

type Elements = typeof elements;

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-playground": InstanceType<Elements["tabgrad-playground"]>;
    "tabgrad-column-row": InstanceType<Elements["tabgrad-column-row"]>;
  }
}

for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}
