// The learning rate as pictures: over the run where a schedule is chosen, and the range test, which tries ever larger rates
// from the first weights and suggests one.

import { css, html, nothing } from "lit";
import { base, buttons } from "../styles/controls";
import { count } from "../styles/format";
import { formatValue } from "../views/numbers";
import { scheduleChart, testChart } from "../views/report/rates";
import { LabElement } from "./lab-element";
import { need } from "./lazy";
import { tip } from "./tip";

export class TabgradRatesField extends LabElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        --tg-chart-height: 148px;
      }
      .charts {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 24px;
      }
      .charts > div {
        flex: 1 1 260px;
        max-width: 420px;
        min-width: 0;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin-top: 8px;
      }
    `,
  ];

  protected readonly watches = ["rates", "choices", "network"] as const;

  #unwatch: (() => void) | undefined;

  protected override firstUpdated(): void {
    this.#watch();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  #watch(): void {
    this.#unwatch ??= this.lab.rates.watch();
  }

  protected override render(): unknown {
    const { curve, test, testing } = this.state.rates;
    need("tabgrad-chart");
    const schedule = curve && scheduleChart(curve);
    const found = test && testChart(test);
    return html`${
        schedule || found
          ? html`<div class="charts">
              ${
                schedule
                  ? html`<div>
                      <tabgrad-chart
                        .label=${schedule.label}
                        .sentence=${schedule.sentence}
                        .chart=${schedule.chart}
                        .table=${schedule.table}
                      ></tabgrad-chart>
                    </div>`
                  : nothing
              }
              ${
                found
                  ? html`<div>
                      <tabgrad-chart
                        .label=${found.label}
                        .sentence=${found.sentence}
                        .chart=${found.chart}
                        .table=${found.table}
                      ></tabgrad-chart>
                    </div>`
                  : nothing
              }
            </div>`
          : nothing
      }
      <div class="row">
        <button
          type="button"
          ?disabled=${testing || !this.lab.trainable}
          @click=${() => void this.lab.rates.test()}
          ${tip("Trains up to 100 steps from the first weights with ever larger learning rates, shows the losses, and puts everything back.")}
        >
          ${testing ? "Testing…" : "Find a learning rate"}
        </button>
        ${
          test && test.suggested !== null
            ? html`<button type="button" @click=${() => this.#take(test.suggested ?? 0)} ${tip("Trains with this rate from the next step on.")}>
                Use ${formatValue(test.suggested, 2)}
              </button>`
            : nothing
        }
        ${test ? html`<button class="quiet" type="button" @click=${() => this.lab.rates.closeTest()}>Close the test</button>` : nothing}
        <span class="visually-hidden" role="status">${test ? `${count(test.rates.length, "rate")} tried.` : ""}</span>
      </div>`;
  }

  #take(suggested: number): void {
    const { optimizer } = this.state.choices.training;
    // As many digits as the suggestion means.
    const learning_rate = Number(suggested.toPrecision(2));
    this.lab.changeTraining({ optimizer: { ...optimizer, learning_rate } });
    this.lab.rates.closeTest();
  }
}
