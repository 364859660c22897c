// The network: its picture, alive while it learns, and the bar in which a layer is chosen and changed.

import { css, html, nothing } from "lit";
import { outputLayers, sizes } from "../store/layers";
import { base, panel } from "../styles/controls";
import { bytes, compact, count, integer } from "../styles/format";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradNetworkPanel extends LabElement {
  static override styles = [
    base,
    panel,
    css`
      .panel {
        display: flex;
        flex-direction: column;
        height: 100%;
      }
      tabgrad-network-view {
        flex: 1 1 auto;
        min-height: var(--tg-network-height, 368px);
      }
    `,
  ];

  protected readonly watches = ["network", "choices", "pictures", "selected", "data"] as const;

  protected override render(): unknown {
    const { network, choices, pictures, selected, data } = this.state;
    const { summary } = network;
    const chosen = selected ?? 0;
    const form = data.report?.form;
    const branches = choices.model.outputs || choices.model.layers.some(({ type }) => type === "input");
    const described = form || branches
      ? count(choices.model.layers.length, "layer")
      : summary
        ? sizes(summary.features.length, choices.model).map(integer).join(" → ")
        : "";
    const picture = form && "image" in form ? form.image : null;
    const doc = summary
      ? `${integer(summary.parameters)} numbers are learnt. Training takes ${bytes(summary.bytes)} (predicting ${bytes(summary.prediction_bytes)}) and about ${compact(summary.flops)} operations a step.`
      : "";
    return html`<section class="panel" role="group" aria-labelledby="title">
      <header>
        <h2 id="title">Network</h2>
        ${
          summary
            ? html`<span class="aside" ${tip(doc)}>${count(summary.parameters, "parameter")} · ${described}</span>`
            : nothing
        }
      </header>
      <tabgrad-network-view
        .summary=${summary}
        .inputShape=${picture && [picture.height, picture.width, picture.channels]}
        .weights=${pictures.weights}
        .neurons=${pictures.neurons}
        .selected=${summary ? chosen : null}
        @select-layer=${(event: CustomEvent<{ layer: number }>) => this.#select(event.detail.layer)}
        @resize-layer=${(event: CustomEvent<{ layer: number; delta: number }>) =>
          this.#resize(event.detail.layer, event.detail.delta)}
      ></tabgrad-network-view>
      <tabgrad-layer-bar .lab=${this.lab}></tabgrad-layer-bar>
    </section>`;
  }

  #select(index: number): void {
    if (index >= 0) this.lab.select(index);
  }

  #resize(index: number, delta: number): void {
    if (outputLayers(this.state.choices.model).includes(index)) return;
    this.lab.resizeLayer(index, delta);
    this.lab.select(index);
  }
}
