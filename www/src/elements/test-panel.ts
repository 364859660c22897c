// How good it is on rows it has never seen, beside what guessing would reach.

import { css, html, nothing } from "lit";
import type { Configured, Evaluation } from "../engine/protocol";
import { scoreNames, weightedMetrics } from "../store/kinds";
import { base, buttons, panel } from "../styles/controls";
import { count, metricLabel, score } from "../styles/format";
import { LabElement } from "./lab-element";
import { mainMetric } from "./scores";
import { tip } from "./tip";

/** A confusion matrix larger than this has no cells to read. */
const MOST_CLASSES = 20;

export class TabgradTestPanel extends LabElement {
  static override styles = [
    base,
    panel,
    buttons,
    css`
      :host {
        container-type: inline-size;
      }
      .pair {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 4px 24px;
        margin-bottom: 12px;
      }
      .value {
        font-size: 28px;
        line-height: 36px;
        font-weight: 650;
        letter-spacing: -0.02em;
        white-space: nowrap;
        min-width: 112px;
      }
      dl {
        display: grid;
        grid-template-columns: auto auto;
        gap: 0 12px;
        justify-content: start;
        padding-bottom: 4px;
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      dt {
        color: var(--tg-muted);
      }
      dd {
        text-align: right;
      }
      tabgrad-confusion {
        min-height: 96px;
      }
    `,
  ];

  protected readonly watches = ["run", "network", "choices", "data", "report"] as const;

  protected override render(): unknown {
    const { run, network, data } = this.state;
    const { summary } = network;
    const metric = mainMetric(this.state);
    const rows = summary?.rows.test ?? 0;
    const evaluation = run.test;
    const classes = data.report?.classes ?? [];
    const value = metric === "loss" ? evaluation?.loss : evaluation?.metrics[metric];
    return html`<section class="panel" role="group" aria-labelledby="title">
      <header>
        <h2 id="title" ${tip("Scores on the rows kept back to the end, which the network never learnt from.")}>Test</h2>
        <span class="aside">${rows > 0 ? count(rows, "row") : nothing}</span>
        ${
          rows > 0
            ? html`<button
                class="quiet"
                type="button"
                aria-expanded=${this.state.report.open ? "true" : "false"}
                @click=${() => this.lab.report.toggle()}
                ${tip("All that can be said of these rows: every class, every threshold, calibration, residuals.")}
              >
                Report
              </button>`
            : nothing
        }
      </header>
      ${
        summary && rows === 0
          ? html`<p class="empty">
              No rows are kept for testing. Give the split a test share to see how good the network is.
            </p>`
          : html`<div class="pair">
                <div>
                  <div class="small muted">${metricLabel(metric)}</div>
                  <div class="value">${score(metric, value)}</div>
                </div>
                ${this.#rest(metric, evaluation, summary)}
              </div>
              ${
                classes.length > 1 && classes.length <= MOST_CLASSES
                  ? html`<tabgrad-confusion .evaluation=${evaluation} .classes=${classes}></tabgrad-confusion>`
                  : nothing
              }`
      }
    </section>`;
  }

  #rest(main: string, evaluation: Evaluation | null, summary: Configured | null): unknown {
    const baseline = summary?.baseline;
    const { training } = this.state.choices;
    const others = [...scoreNames(training.metrics, weightedMetrics(training)).filter((metric) => metric !== main), "loss"];
    return html`<dl>
      ${
        baseline
          ? html`<dt ${tip("What one reaches without looking: always the most frequent class, or always the mean.")}>
                by guessing
              </dt>
              <dd>${score(baseline.metric, baseline.value)}</dd>`
          : nothing
      }
      ${others.map(
        (metric) =>
          html`<dt>${metricLabel(metric)}</dt>
            <dd>${score(metric, metric === "loss" ? evaluation?.loss : evaluation?.metrics[metric])}</dd>`,
      )}
    </dl>`;
  }
}
