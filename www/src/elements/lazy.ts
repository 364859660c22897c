// Elements that the first look at the page does not need: their code comes when a template first has one. The tag stands
// there at once, and becomes the element when its code has come.

const loads = {
  "tabgrad-chart": async () => (await import("../views/chart/chart")).TabgradChart,
  "tabgrad-class-weights": async () => (await import("./class-weights")).TabgradClassWeights,
  "tabgrad-column-more": async () => (await import("./column-more")).TabgradColumnMore,
  "tabgrad-columns-field": async () => (await import("./columns-field")).TabgradColumnsField,
  "tabgrad-draw-pad": async () => (await import("./draw-pad")).TabgradDrawPad,
  "tabgrad-inputs-field": async () => (await import("./inputs-field")).TabgradInputsField,
  "tabgrad-kept-list": async () => (await import("./kept-list")).TabgradKeptList,
  "tabgrad-kind-field": async () => (await import("./kind-field")).TabgradKindField,
  "tabgrad-kinds-field": async () => (await import("./kinds-field")).TabgradKindsField,
  "tabgrad-layer-menu": async () => (await import("./layer-menu")).TabgradLayerMenu,
  "tabgrad-layer-more": async () => (await import("./layer-more")).TabgradLayerMore,
  "tabgrad-line-fit": async () => (await import("../views/line-fit/line-fit")).TabgradLineFit,
  "tabgrad-list-field": async () => (await import("./list-field")).TabgradListField,
  "tabgrad-output-training": async () => (await import("./output-training")).TabgradOutputTraining,
  "tabgrad-rates-field": async () => (await import("./rates-field")).TabgradRatesField,
  "tabgrad-report-panel": async () => (await import("./report-panel")).TabgradReportPanel,
  "tabgrad-row-answer": async () => (await import("./row-answer")).TabgradRowAnswer,
  "tabgrad-row-target": async () => (await import("./row-target")).TabgradRowTarget,
  "tabgrad-sample-rows": async () => (await import("../views/sample/rows")).TabgradSampleRows,
  "tabgrad-sample-table": async () => (await import("./sample-table")).TabgradSampleTable,
  "tabgrad-sample-view": async () => (await import("../views/sample/sample-view")).TabgradSampleView,
  "tabgrad-target-tabs": async () => (await import("./target-tabs-element")).TabgradTargetTabs,
  "tabgrad-training-more": async () => (await import("./training-more")).TabgradTrainingMore,
} satisfies Record<string, () => Promise<CustomElementConstructor>>;

const asked = new Set<string>();

/** For `render`: fetches the code of an element that the template is about to use. */
export function need(name: keyof typeof loads): void {
  if (asked.has(name)) return;
  asked.add(name);
  loads[name]().then(
    (element) => {
      if (!customElements.get(name)) customElements.define(name, element);
    },
    // The network may be back at the next drawing.
    () => asked.delete(name),
  );
}
