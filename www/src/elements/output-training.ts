// How each of several outputs is trained: its loss with what that takes, what it counts in the sum of all, and its metrics.

import { css, html, nothing } from "lit";
import type { Spec, TrainingSpec } from "../engine/protocol";
import { suits, typeOf, withArgument } from "../store/kinds";
import { lossOf, metricsOf, nameOf, targetsOf, weightedMetricsOf, weightOf, withLoss } from "../store/targets";
import { base, fields } from "../styles/controls";
import { groupStyles } from "./group-styles";
import { isBlock } from "./kind-arguments";
import { LabElement } from "./lab-element";
import { need } from "./lazy";
import { tip } from "./tip";

export class TabgradOutputTraining extends LabElement {
  static override styles = [
    base,
    fields,
    groupStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 16px 32px;
      }
      fieldset {
        flex: 1 1 380px;
        min-width: 0;
      }
      .whole {
        flex: 1 0 100%;
      }
      .group {
        margin-bottom: 8px;
      }
      .group > * {
        width: 148px;
      }
      .group > .loss {
        width: 220px;
      }
      .weighted {
        margin-top: 8px;
      }
    `,
  ];

  protected readonly watches = ["choices", "engine", "data"] as const;

  #set(change: Partial<TrainingSpec>): void {
    this.lab.changeTraining(change);
  }

  protected override render(): unknown {
    const { choices, engine, data } = this.state;
    const { training, model } = choices;
    const { schema } = engine;
    const { report } = data;
    if (!schema || !report) return nothing;
    need("tabgrad-kinds-field");
    const weighs = weightOf(report) !== undefined;
    const targets = targetsOf(report);
    const outputs = targets.map((target, place) => {
      const output = model.outputs?.[place];
      if (output === undefined) return nothing;
      const name = nameOf(report, target);
      const loss = lossOf(training, output);
      const kind = schema.losses.find(({ type }) => type === typeOf(loss));
      const given: Record<string, unknown> = typeof loss === "string" ? {} : loss;
      const metrics = byOutput(training.metrics);
      const able = schema.metrics.filter((it) => suits(it, target.task));
      const weighted = weightedMetricsOf(training, output);
      return html`<fieldset>
        <legend>Output ${name}</legend>
        <div class="group">
          <tabgrad-select-field
            class="loss"
            label="Loss"
            doc="What training makes small at this output."
            .choices=${schema.losses.filter((it) => suits(it, target.task))}
            .value=${typeOf(loss)}
            @change=${(event: CustomEvent<string>) => this.#set(withLoss(training, output, event.detail))}
          ></tabgrad-select-field>
          <tabgrad-number-field
            label="Loss weight"
            doc="What this loss is multiplied with in the sum that training makes small: 1 is usual, 0 leaves the output out."
            .value=${training.loss_weights?.[output] ?? 1}
            .min=${0}
            .max=${1_000_000}
            .step=${0.1}
            @change=${(event: CustomEvent<number>) =>
              this.#set({ loss_weights: { ...training.loss_weights, [output]: event.detail } })}
          ></tabgrad-number-field>
          ${(kind?.arguments ?? []).map(
            (argument) =>
              html`<tabgrad-argument-field
                .argument=${argument}
                .schema=${schema}
                .value=${given[argument.name]}
                ?wide=${isBlock(argument, given[argument.name], schema)}
                @change=${(event: CustomEvent<unknown>) =>
                  this.#set(withLoss(training, output, withArgument(loss, argument.name, event.detail)))}
              ></tabgrad-argument-field>`,
          )}
        </div>
        <span class="caption">Metrics</span>
        <tabgrad-kinds-field
          what="metric"
          .kinds=${able}
          .value=${metricsOf(training, output)}
          .schema=${schema}
          @change=${(event: CustomEvent<Spec[]>) => this.#set({ metrics: { ...metrics, [output]: event.detail } })}
        ></tabgrad-kinds-field>
        ${
          weighs || weighted.length > 0
            ? html`<div class="weighted">
                <span class="caption" ${tip("Scores in which each row counts as much as it weighs.")}>Weighted metrics</span>
                <tabgrad-kinds-field
                  what="weighted metric"
                  .kinds=${able}
                  .value=${weighted}
                  .schema=${schema}
                  @change=${(event: CustomEvent<Spec[]>) =>
                    this.#set({ weighted_metrics: { ...byOutput(training.weighted_metrics), [output]: event.detail } })}
                ></tabgrad-kinds-field>
              </div>`
            : nothing
        }
      </fieldset>`;
    });
    return html`${outputs}
    ${
      targets.some(({ classes }) => classes.length > 1)
        ? html`<p class="small muted whole">
            Class weights are for networks with one output, as in Keras; with several, let a column weigh the rows instead.
          </p>`
        : nothing
    }`;
  }
}

/** Lists by output; what is said of all outputs is no list of one. */
const byOutput = (lists: TrainingSpec["weighted_metrics"]): Record<string, Spec[]> =>
  !lists || Array.isArray(lists) ? {} : lists;
