// The full report on the test rows (or others), as wide as the page: for classes a table of every class, curves of all thresholds and
// calibration; for values predictions and residuals. Comes when it is first opened.

import { css, html, nothing, type PropertyValues } from "lit";
import { state } from "lit/decorators.js";
import type { Choice, Classification, Part, Regression } from "../engine/protocol";
import { shownTarget } from "../store/targets";
import { base, buttons, fields, panel } from "../styles/controls";
import { count, integer, NO_NUMBER, number, percent } from "../styles/format";
import {
  calibrationFigure,
  firstClass,
  fitFigure,
  precisionRecallFigure,
  residualFigure,
  rocFigure,
  wholeScores,
  type Figure,
} from "../views/report/charts";
import { formatFixed } from "../views/numbers";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { targetTabs } from "./target-tabs";
import { tip } from "./tip";

const PARTS: readonly Choice[] = ["test", "validation", "train"].map((type) => ({ type, label: type, doc: "" }));

export class TabgradReportPanel extends LabElement {
  static override styles = [
    base,
    panel,
    buttons,
    fields,
    css`
      :host {
        container-type: inline-size;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(384px, 1fr) repeat(3, minmax(0, 1fr));
        gap: 16px 24px;
        align-items: start;
      }
      .columns.two {
        grid-template-columns: minmax(180px, 0.4fr) repeat(2, minmax(0, 1fr));
      }
      @container (max-width: 1180px) {
        .columns {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
        .columns > .words {
          grid-column: 1 / -1;
        }
      }
      @container (max-width: 720px) {
        .columns,
        .columns.two {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        margin-bottom: 12px;
      }
      dt {
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      dd {
        font-weight: 600;
      }
      .scroll {
        overflow: auto;
        max-height: 264px;
        scrollbar-width: thin;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 4px;
        text-align: right;
        font-weight: 400;
        white-space: nowrap;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--tg-panel);
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
      }
      tbody tr > * {
        border-top: 1px solid var(--tg-line);
      }
      tbody th {
        max-width: 120px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
      }
      td:last-child,
      th:last-child {
        padding-right: 0;
      }
      h3 {
        display: flex;
        align-items: center;
        min-height: var(--tg-control);
        margin-bottom: 4px;
      }
      .part {
        width: 156px;
      }
      .of {
        width: 180px;
        margin-left: auto;
      }
      .problem {
        color: var(--tg-bad);
      }
    `,
  ];

  protected readonly watches = ["report", "data", "run", "network", "target", "choices"] as const;

  /** Whose curves are drawn; null: the first choice. */
  @state() private chosen: number | null = null;

  protected override firstUpdated(): void {
    // It opens below what called it, perhaps out of sight.
    this.scrollIntoView({ block: "nearest", behavior: "auto" });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const classes = this.state.report.result?.classification?.classes.length ?? 0;
    if (this.chosen !== null && this.chosen >= classes) this.chosen = null;
  }

  protected override render(): unknown {
    const { report } = this.state;
    const { result, problem } = report;
    const target = shownTarget(this.state);
    return html`<section class="panel" role="group" aria-labelledby="title">
      <header>
        <h2 id="title" ${tip("All that can be said of the predictions for these rows.")}>Report</h2>
        <tabgrad-select-field
          class="part"
          inline
          label="rows"
          doc="Test rows say how good it is on what it has never seen; train rows, what it has learnt by heart."
          .choices=${PARTS}
          .value=${report.part}
          @change=${(event: CustomEvent<Part>) => this.lab.report.choose(event.detail)}
        ></tabgrad-select-field>
        <span class="aside" role="status">
          ${result ? `${count(result.rows, `${result.part} row`)}, epoch ${integer(report.epoch)}` : nothing}
        </span>
        <button
          class="quiet icon-only"
          type="button"
          aria-label="Close the report"
          @click=${() => this.lab.report.toggle()}
          ${tip("Closes the report.")}
        >
          ${icons.close}
        </button>
      </header>
      ${targetTabs(this.lab)}
      ${
        problem !== null
          ? html`<p class="empty problem" role="alert">${problem}</p>`
          : result?.classification
            ? this.#classes(result.classification, result.rows, target?.classes ?? [])
            : result?.regression
              ? this.#values(result.regression, target?.name ?? "target")
              : html`<p class="empty" role="status">Scoring the rows…</p>`
      }
    </section>`;
  }

  #classes(of: Classification, rows: number, names: readonly string[]): unknown {
    const name = (i: number) => names[i] ?? String(i);
    const chosen = this.chosen ?? firstClass(of.classes);
    const figures = [
      rocFigure(of.classes[chosen], name(chosen)),
      precisionRecallFigure(of.classes[chosen], name(chosen), rows),
      calibrationFigure(of),
    ];
    const choose = html`<tabgrad-select-field
      class="of"
      inline
      label="class"
      doc="Whose curves are drawn: this class against all others."
      .choices=${of.classes.map((_, i) => ({ type: String(i), label: name(i), doc: "" }))}
      .value=${String(chosen)}
      @change=${(event: CustomEvent<string>) => {
        this.chosen = Number(event.detail);
      }}
    ></tabgrad-select-field>`;
    return html`<div class="columns">
      <div class="words">
        <dl>
          ${wholeScores(of).map(([word, value, doc]) => html`<div><dt ${tip(doc)}>${word}</dt><dd>${value}</dd></div>`)}
        </dl>
        <div class="scroll" tabindex="0" role="group" aria-label="Scores of every class">
          <table>
            <thead>
              <tr>
                <th scope="col">class</th>
                <th scope="col">precision</th>
                <th scope="col">recall</th>
                <th scope="col">F1</th>
                <th scope="col">AUC</th>
                <th scope="col">rows</th>
              </tr>
            </thead>
            <tbody>
              ${of.classes.map(
                ({ precision, recall, f1, curves, support }, i) =>
                  html`<tr>
                    <th scope="row" title=${name(i)}>${name(i)}</th>
                    <td>${percent(precision)}</td>
                    <td>${percent(recall)}</td>
                    <td>${percent(f1)}</td>
                    <td>${curves ? formatFixed(curves.auc, 3) : NO_NUMBER}</td>
                    <td>${integer(support)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </div>
      ${figures.map((figure, i) => this.#figure(figure, ["ROC", "Precision and recall", "Calibration"][i] ?? "", i === 0 ? choose : nothing))}
    </div>`;
  }

  #values(of: Regression, target: string): unknown {
    const scores: [string, string, string][] = [
      ["R²", number(of.r2, 3), "The share of the spread that is explained: 1 is perfect, 0 is always saying the mean."],
      ["RMSE", number(of.rmse), "The root of the mean squared error, in the target's units."],
      ["MAE", number(of.mae), "How far off a prediction is in the mean, in the target's units."],
    ];
    return html`<div class="columns two">
      <dl class="words">
        ${scores.map(([word, value, doc]) => html`<div><dt ${tip(doc)}>${word}</dt><dd>${value}</dd></div>`)}
      </dl>
      ${this.#figure(fitFigure(of, target), "Predicted against true", nothing)}
      ${this.#figure(residualFigure(of, target), "Residuals", nothing)}
    </div>`;
  }

  #figure({ label, sentence, chart, table }: Figure, title: string, beside: unknown): unknown {
    return html`<div>
      <h3>${title}${beside}</h3>
      <tabgrad-chart
        .label=${label}
        .sentence=${sentence}
        .empty=${sentence}
        .chart=${chart}
        .table=${table}
      ></tabgrad-chart>
    </div>`;
  }
}
