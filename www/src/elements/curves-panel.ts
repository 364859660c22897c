// How the learning went: the loss, and the first of the metrics, over the epochs.

import { css, html, nothing } from "lit";
import { base, panel } from "../styles/controls";
import { metricLabel } from "../styles/format";
import { LabElement } from "./lab-element";
import { mainMetric } from "./scores";
import { tip } from "./tip";

export class TabgradCurvesPanel extends LabElement {
  static override styles = [
    base,
    panel,
    css`
      :host {
        container-type: inline-size;
      }
      .pair {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 16px 24px;
      }
      @container (max-width: 560px) {
        .pair {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  protected readonly watches = ["history", "choices", "run"] as const;

  protected override render(): unknown {
    const metric = mainMetric(this.state);
    return html`<section class="panel pair" role="group" aria-label="Curves">
      ${this.#chart("loss", "Loss", "What training makes small, after every epoch.")}
      ${metric === "loss" ? nothing : this.#chart(metric, capital(metricLabel(metric)), "The score after every epoch.")}
    </section>`;
  }

  #chart(metric: string, title: string, doc: string): unknown {
    const { history, run } = this.state;
    return html`<div>
      <div class="head">
        <h2 ${tip(doc)}>${title}</h2>
      </div>
      <tabgrad-curves
        .history=${history}
        .metric=${metric}
        .name=${title}
        .running=${run.status === "running"}
      ></tabgrad-curves>
    </div>`;
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
