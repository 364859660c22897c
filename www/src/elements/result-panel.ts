// What the network makes of the data: the decision surface over two columns, or the fitted curve over one, with the points.

import { css, html, nothing } from "lit";
import type { Choice, PredictedRow, Prediction, Sample, TableReport } from "../engine/protocol";
import { numericFeatures } from "../store/events";
import { shownTarget, type ShownTarget } from "../store/targets";
import { base, buttons, fields, panel } from "../styles/controls";
import { number, percent } from "../styles/format";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { need } from "./lazy";
import { targetTabs } from "./target-tabs";
import { tip } from "./tip";

const NONE = "none";

/** More columns than this no menu should hold. */
const MOST_COLUMNS = 200;

export class TabgradResultPanel extends LabElement {
  static override styles = [
    base,
    panel,
    buttons,
    fields,
    css`
      .axes {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-bottom: 12px;
      }
      tabgrad-surface,
      tabgrad-line-fit {
        display: block;
        min-height: 280px;
      }
      table {
        width: 100%;
        margin-top: 12px;
        border-collapse: collapse;
      }
      th {
        padding: 4px 8px;
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
        font-weight: 400;
        text-align: right;
      }
      td {
        padding: 4px 8px;
        border-top: 1px solid var(--tg-line);
        text-align: right;
      }
      td:last-child {
        font-weight: 600;
      }
    `,
  ];

  protected readonly watches = ["data", "axes", "sample", "pictures", "points", "predict", "network", "target", "choices"] as const;

  protected override render(): unknown {
    const { data, axes } = this.state;
    const { report } = data;
    if (report?.form) return this.#inside();
    const able = report ? numericFeatures(report) : [];
    const plane = axes.x !== null && axes.y !== null;
    const target = shownTarget(this.state);
    const error = target?.task === "reconstruction";
    const title = error ? "Reconstruction error" : !report || plane ? (target?.task === "regression" ? "Prediction" : "Decision surface") : "Fit";
    return html`<section class="panel" role="group" aria-labelledby="title">
      <header>
        <h2 id="title">${title}</h2>
        ${
          report && able.length > 2 && plane
            ? html`<span class="aside" ${tip("Columns that are not drawn stand at their typical value.")}>
                other columns at typical values
              </span>`
            : nothing
        }
      </header>
      ${targetTabs(this.lab)}
      ${!report || able.length > 1 ? this.#axes(report, able) : nothing}
      ${report === null ? this.#surface(null) : plane ? this.#surface(report, target) : this.#fit(report, able, target)}
      ${report ? this.#answers(report, target) : nothing}
    </section>`;
  }

  /** Rows that are pictures or sequences: one of them on its way through the layers. */
  #inside(): unknown {
    const { pictures, network, sample: chosen } = this.state;
    const sample = pictures.sample;
    need("tabgrad-sample-view");
    const go = (by: number) => () => this.lab.chooseSample(chosen + by);
    return html`<section class="panel" role="group" aria-labelledby="title">
      <header>
        <h2 id="title" ${tip("What every layer makes of one row that the network does not learn from.")}>Inside</h2>
        ${sample ? html`<span class="aside">${verdict(sample, shownTarget(this.state))}</span>` : nothing}
        <button
          class="quiet icon-only"
          type="button"
          aria-label="Row before"
          ?disabled=${chosen === 0}
          @click=${go(-1)}
          ${tip("The row before this one.")}
        >
          ${icons.left}
        </button>
        <button class="quiet icon-only" type="button" aria-label="Next row" @click=${go(1)} ${tip("The next row.")}>
          ${icons.right}
        </button>
      </header>
      ${targetTabs(this.lab)}
      <tabgrad-sample-view .sample=${sample} .layers=${network.summary?.layers ?? []}></tabgrad-sample-view>
    </section>`;
  }

  #axes(report: TableReport | null, able: number[]): unknown {
    const { axes } = this.state;
    const choices: Choice[] = able.slice(0, MOST_COLUMNS).map((index) => ({
      type: String(index),
      label: report?.columns[index]?.name ?? "",
      doc: "",
    }));
    const across = choices.filter(({ type }) => type !== String(axes.y));
    const up = choices.filter(({ type }) => type !== String(axes.x));
    return html`<div class="axes">
      <tabgrad-select-field
        inline
        label="x"
        ?disabled=${!report}
        doc="The column drawn from left to right."
        .choices=${across}
        .value=${String(axes.x)}
        @change=${(event: CustomEvent<string>) => this.lab.chooseAxes({ x: Number(event.detail) })}
      ></tabgrad-select-field>
      <tabgrad-select-field
        inline
        label="y"
        ?disabled=${!report}
        doc="The column drawn upwards; none: a curve over the first one."
        .choices=${[...up, { type: NONE, label: "none", doc: "" }]}
        .value=${axes.y === null ? NONE : String(axes.y)}
        @change=${(event: CustomEvent<string>) =>
          this.lab.chooseAxes({ y: event.detail === NONE ? null : Number(event.detail) })}
      ></tabgrad-select-field>
    </div>`;
  }

  #surface(report: TableReport | null, target?: ShownTarget): unknown {
    const { axes, pictures, points } = this.state;
    return html`<tabgrad-surface
      .surface=${pictures.surface}
      .points=${points}
      .classes=${target?.classes ?? []}
      .task=${drawnAs(target) ?? "binary"}
      .targetLabel=${target?.task === "reconstruction" ? "error" : "value"}
      .xLabel=${this.#name(report, axes.x)}
      .yLabel=${this.#name(report, axes.y)}
      .xDate=${isDate(report, axes.x)}
      .yDate=${isDate(report, axes.y)}
    ></tabgrad-surface>`;
  }

  #fit(report: TableReport, able: number[], target?: ShownTarget): unknown {
    if (able.length === 0) {
      return html`<p class="empty">
        None of the columns the network learns from is a number, so there is no plane to draw on. The scores and the
        form below work as ever.
      </p>`;
    }
    const { axes, pictures, points, predict } = this.state;
    const predictions = predict.questions.flatMap((question, index) => {
      const y = said(predict.answers[index], target)?.value;
      return y === undefined ? [] : [{ x: Number(question), y }];
    });
    need("tabgrad-line-fit");
    return html`<tabgrad-line-fit
      .curve=${pictures.curve}
      .points=${points}
      .predictions=${predictions}
      .classes=${target?.classes ?? []}
      .task=${drawnAs(target) ?? "regression"}
      .xLabel=${this.#name(report, axes.x)}
      .xDate=${isDate(report, axes.x)}
      .yLabel=${target?.name ?? ""}
    ></tabgrad-line-fit>`;
  }

  #answers(report: TableReport, target?: ShownTarget): unknown {
    const { questions, answers } = this.state.predict;
    if (questions.length === 0) return nothing;
    const feature = report.columns.find(({ role }) => role === "feature");
    return html`<table>
      <caption class="visually-hidden">
        Predictions
      </caption>
      <tr>
        <th scope="col">${feature?.name ?? "x"}</th>
        <th scope="col">predicted ${target?.name ?? ""}</th>
      </tr>
      ${questions.map((question, index) => {
        const answer = said(answers[index], target);
        return html`<tr>
          <td>${number(Number(question))}</td>
          <td>${answer?.label ?? number(answer?.value)}</td>
        </tr>`;
      })}
    </table>`;
  }

  #name(report: TableReport | null, index: number | null): string {
    return index === null ? "" : (report?.columns[index]?.name ?? "");
  }
}

const isDate = (report: TableReport | null, index: number | null): boolean =>
  index !== null && report?.columns[index]?.type === "date";

/** What the network says of the row, and what it is. */
function verdict(sample: Sample, shown: ShownTarget | undefined): string {
  const target = shown?.name ?? "target";
  const predicted = said(sample.predicted, shown);
  const truth = sample.truths?.[shown?.place ?? 0] ?? sample.truth;
  if (sample.predicted.error !== undefined) return `error ${number(sample.predicted.error, 3)}`;
  if (predicted?.label === undefined) return `${target}: says ${number(predicted?.value)}, is ${truth ?? "not known"}`;
  const sure = Math.max(0, ...(predicted.probabilities ?? []));
  const right = truth === null ? "" : predicted.label === truth ? ", right" : `, is ${truth}`;
  return `${target}: says ${predicted.label} (${percent(sure)})${right}`;
}

/** How far a row that is made again is from what it was is a value. */
const drawnAs = (target: ShownTarget | undefined) => (target?.task === "reconstruction" ? "regression" : target?.task);

/** What the network says of the target that is looked at. */
function said(row: PredictedRow | null | undefined, target: ShownTarget | undefined): Prediction | undefined {
  return row?.targets?.[target?.place ?? 0] ?? row ?? undefined;
}
