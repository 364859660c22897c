// What the rows of each class count in training: a field for every class, and a button that makes rare classes count as much as
// frequent ones.
//
//   balanced weight of class c = rows / (classes * rows of c)          as scikit-learn's "balanced"

import { css, html, nothing } from "lit";
import { base, buttons, fields } from "../styles/controls";
import { balancedWeights } from "../store/class-weights";
import { groupStyles } from "./group-styles";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

/** More fields than this nobody fills in. */
const MOST_CLASSES = 40;

export class TabgradClassWeights extends LabElement {
  static override styles = [
    base,
    buttons,
    fields,
    groupStyles,
    css`
      tabgrad-number-field {
        width: 112px;
      }
    `,
  ];

  protected readonly watches = ["choices", "data", "network"] as const;

  #set(class_weight: number[] | null): void {
    this.lab.changeTraining({ class_weight });
  }

  protected override render(): unknown {
    const { data, choices, network } = this.state;
    const classes = data.report?.classes ?? [];
    const rows = network.summary?.class_rows ?? [];
    const given = choices.training.class_weight ?? null;
    const weights = given?.length === classes.length ? given : classes.map(() => 1);
    const balanced = balancedWeights(rows);
    return html`<div class="group">
      ${
        classes.length <= MOST_CLASSES
          ? classes.map(
              (name, i) =>
                html`<tabgrad-number-field
                  label=${name}
                  doc="What a row of ${name} counts in the loss: 1 is usual, 0 leaves it out."
                  .value=${weights[i] ?? 1}
                  .min=${0}
                  .max=${1_000_000}
                  .step=${0.1}
                  @change=${(event: CustomEvent<number>) =>
                    this.#set(weights.map((weight, at) => (at === i ? event.detail : weight)))}
                ></tabgrad-number-field>`,
            )
          : nothing
      }
      <button
        type="button"
        ?disabled=${balanced === null || rows.length !== classes.length}
        @click=${() => this.#set(balanced)}
        ${tip("Rare classes count as much as frequent ones: rows / (classes × rows of the class).")}
      >
        Balanced
      </button>
      ${
        given
          ? html`<button class="quiet" type="button" @click=${() => this.#set(null)} ${tip("Every row counts 1.")}>
              All alike
            </button>`
          : nothing
      }
    </div>`;
  }
}
