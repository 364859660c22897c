// How the learning went: the loss, and the first of the metrics, over the epochs.

import { css, html, nothing } from "lit";
import { base, panel } from "../styles/controls";
import { metricLabel } from "../styles/format";
import { LabElement } from "./lab-element";
import { scoreOf, shownTarget } from "../store/targets";
import { mainMetric } from "./scores";
import { targetTabs } from "./target-tabs";
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
      .several {
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
      }
      @container (max-width: 560px) {
        .pair {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  protected readonly watches = ["history", "choices", "run", "data", "target"] as const;

  protected override render(): unknown {
    const metric = mainMetric(this.state);
    const output = shownTarget(this.state)?.output;
    const own = (name: string) => scoreOf(output, name);
    return html`<section class="panel" role="group" aria-label="Curves">
      ${targetTabs(this.lab)}
      <div class="pair ${output === undefined ? "" : "several"}">
        ${this.#chart(own("loss"), "Loss", "What training makes small, after every epoch.")}
        ${metric === "loss" ? nothing : this.#chart(own(metric), capital(metricLabel(metric)), "The score after every epoch.")}
        ${output === undefined ? nothing : this.#chart("loss", "Loss of all outputs", "The sum that training makes small: each output's loss times its weight.")}
      </div>
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
