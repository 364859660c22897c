// How the network learns, as far as it stands in sight: learning rate, batch, optimizer and loss. The rest is in
// training-more.ts, which the playground shows when `toggle-more` is fired.

import { css, html } from "lit";
import { property } from "lit/decorators.js";
import type { TrainingSpec } from "../engine/protocol";
import { typeOf } from "../store/layers";
import { base, buttons, fields } from "../styles/controls";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradTrainingSettings extends LabElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        container-type: inline-size;
      }
      .common {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: var(--tg-settings-align, flex-end);
      }
      .common > * {
        flex: 0 1 auto;
      }
      .rate {
        width: 208px;
      }
      .batch {
        width: 132px;
      }
      .optimizer {
        width: 156px;
      }
      .loss {
        width: 144px;
      }
      /* Beside the train bar there is just room for the fields. */
      @container (min-width: 621px) and (max-width: 760px) {
        .word {
          display: none;
        }
        button {
          width: var(--tg-control);
          padding: 0;
        }
      }
      @container (max-width: 620px) {
        .common {
          display: grid;
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .rate {
          grid-column: 1 / -1;
        }
        .rate,
        .batch,
        .optimizer,
        .loss {
          width: auto;
        }
      }
    `,
  ];

  protected readonly watches = ["choices", "engine", "data"] as const;

  /** Whether the rest (training-more.ts) stands open. */
  @property({ type: Boolean }) open = false;

  #set(change: Partial<TrainingSpec>): void {
    this.lab.changeTraining(change);
  }

  #rate(learning_rate: number): void {
    this.#set({ optimizer: { ...this.state.choices.training.optimizer, learning_rate } });
  }

  #chooseOptimizer(type: string): void {
    const kind = this.state.engine.schema?.optimizers.find((optimizer) => optimizer.type === type);
    const usual = kind?.arguments.find((argument) => argument.name === "learning_rate")?.default;
    const { learning_rate } = this.state.choices.training.optimizer;
    this.#set({ optimizer: { type, learning_rate: learning_rate > 0 ? learning_rate : Number(usual) } });
  }

  protected override render(): unknown {
    const { choices, engine, data } = this.state;
    const { training } = choices;
    const { schema } = engine;
    const task = data.report?.task;
    const losses = (schema?.losses ?? []).filter(
      (loss) => !task || !loss.tasks || loss.tasks.length === 0 || loss.tasks.includes(task),
    );
    const named = (type: string) => ({ type, label: type.replaceAll("_", " "), doc: "" });
    return html`<div class="common" role="group" aria-label="Training settings">
      <tabgrad-number-field
        class="rate"
        inline
        label="Learning rate"
        doc="How large a step the weights take against their gradient: too small is slow, too large leaps about."
        scale="logarithmic"
        .value=${training.optimizer.learning_rate}
        .min=${1e-8}
        .max=${1000}
        @change=${(event: CustomEvent<number>) => this.#rate(event.detail)}
      ></tabgrad-number-field>
      <tabgrad-number-field
        class="batch"
        inline
        integer
        label="Batch"
        doc="How many rows make one step: small batches are noisy and frequent, large ones steady and rare."
        scale="doubling"
        .value=${training.batch_size}
        .min=${1}
        .max=${65_536}
        @change=${(event: CustomEvent<number>) => this.#set({ batch_size: event.detail })}
      ></tabgrad-number-field>
      <tabgrad-select-field
        class="optimizer"
        inline
        label="Optimizer"
        doc="How the weights follow their gradients."
        .choices=${schema?.optimizers ?? [named(training.optimizer.type)]}
        .value=${training.optimizer.type}
        @change=${(event: CustomEvent<string>) => this.#chooseOptimizer(event.detail)}
      ></tabgrad-select-field>
      <tabgrad-select-field
        class="loss"
        inline
        label="Loss"
        doc="What training makes small."
        .choices=${losses.length > 0 ? losses : [named(typeOf(training.loss))]}
        .value=${typeOf(training.loss)}
        @change=${(event: CustomEvent<string>) => this.#set({ loss: event.detail })}
      ></tabgrad-select-field>
      <button
        class="quiet"
        type="button"
        aria-label="More"
        aria-expanded=${this.open ? "true" : "false"}
        @click=${() => this.dispatchEvent(new CustomEvent("toggle-more"))}
        ${tip("Epochs, regularization, seed and everything else about the training.")}
      >
        ${icons.sliders}<span class="word">More</span>
      </button>
    </div>`;
  }
}
