// How good it is on rows it has never seen, beside what guessing would reach.

import { css, html, nothing } from "lit";
import type { Configured, Evaluation } from "../engine/protocol";
import { scoreNames } from "../store/kinds";
import { metricsOf, shownTarget, weightedMetricsOf } from "../store/targets";
import { base, buttons, panel } from "../styles/controls";
import { count, metricLabel, score } from "../styles/format";
import { LabElement } from "./lab-element";
import { mainMetric, valueOf } from "./scores";
import { targetTabs } from "./target-tabs";
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

  protected readonly watches = ["run", "network", "choices", "data", "report", "target"] as const;

  protected override render(): unknown {
    const { run, network } = this.state;
    const { summary } = network;
    const metric = mainMetric(this.state);
    const rows = summary?.rows.test ?? 0;
    const target = shownTarget(this.state);
    const evaluation = ofTarget(run.test, target?.place ?? 0);
    const classes = target?.classes ?? [];
    const value = valueOf(this.state, evaluation, metric);
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
          : html`${targetTabs(this.lab)}
              <div class="pair">
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
    const target = shownTarget(this.state);
    const baseline = (summary?.targets?.[target?.place ?? 0] ?? summary)?.baseline;
    const { training } = this.state.choices;
    const all = scoreNames(metricsOf(training, target?.output), weightedMetricsOf(training, target?.output));
    const others = [...all.filter((metric) => metric !== main), "loss"];
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
            <dd>${score(metric, valueOf(this.state, evaluation, metric))}</dd>`,
      )}
    </dl>`;
  }
}

/** The scores with the confusion matrix of one of several targets. */
function ofTarget(evaluation: Evaluation | null, place: number): Evaluation | null {
  return evaluation && place > 0 ? { ...evaluation, confusion: evaluation.confusions?.[place] ?? null } : evaluation;
}
