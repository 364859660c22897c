// How the network learns, as far as it stands in sight: learning rate, batch, optimizer and loss. The rest is in
// training-more.ts, which the playground shows when `toggle-more` is fired.

import { css, html } from "lit";
import { property } from "lit/decorators.js";
import type { Named, TrainingSpec } from "../engine/protocol";
import { startOf, suits, typeOf } from "../store/kinds";
import { lossOf, shownTarget, withLoss } from "../store/targets";
import type { whyNot as WhyNot } from "../store/why-not";
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
      .named {
        width: 220px;
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
          align-items: end;
          --tg-beside: none;
          --tg-beside-gap: 10px;
          --tg-over: block;
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

  protected readonly watches = ["choices", "engine", "data", "target"] as const;

  /** Whether the rest (training-more.ts) stands open. */
  @property({ type: Boolean }) open = false;

  #set(change: Partial<TrainingSpec>): void {
    this.lab.changeTraining(change);
  }

  /** The rate; of a schedule the one it starts from, where it says one. */
  get #start(): { value: number | null; set: ((rate: number) => void) | null } {
    const { optimizer } = this.state.choices.training;
    const { learning_rate: rate } = optimizer;
    const change = (learning_rate: number | Named) => this.#set({ optimizer: { ...optimizer, learning_rate } });
    if (typeof rate === "number") return { value: rate, set: change };
    const name = startOf(this.state.engine.schema?.schedules?.find(({ type }) => type === rate.type));
    const value = name === undefined ? null : rate[name];
    if (name === undefined || typeof value !== "number") return { value: null, set: null };
    return { value, set: (start) => change({ ...rate, [name]: start }) };
  }

  #chooseOptimizer(type: string): void {
    const kind = this.state.engine.schema?.optimizers.find((optimizer) => optimizer.type === type);
    const usual = kind?.arguments.find((argument) => argument.name === "learning_rate")?.default;
    const { learning_rate } = this.state.choices.training.optimizer;
    const kept = typeof learning_rate === "object" || learning_rate > 0 ? learning_rate : Number(usual);
    this.#set({ optimizer: { type, learning_rate: kept } });
  }

  /** Why other losses are none for these data is said where one looks at the menu. */
  #whyNot: typeof WhyNot | undefined;
  readonly #explain = (): void => {
    if (this.#whyNot) return;
    void import("../store/why-not").then(({ whyNot }) => {
      this.#whyNot = whyNot;
      this.requestUpdate();
    });
  };

  protected override render(): unknown {
    const { choices, engine } = this.state;
    const { training } = choices;
    const { schema } = engine;
    const target = shownTarget(this.state);
    const task = target?.task;
    const loss = typeOf(lossOf(training, target?.output));
    const [losses, others] = [true, false].map((fits) => schema?.losses.filter((it) => suits(it, task) === fits) ?? []);
    const start = this.#start;
    const named = (type: string) => ({ type, label: type.replaceAll("_", " "), doc: "" });
    return html`<div class="common" role="group" aria-label="Training settings">
      <tabgrad-number-field
        class="rate"
        inline
        label="Learning rate"
        doc="How large a step the weights take against their gradient: too small is slow, too large leaps about."
        scale="logarithmic"
        placeholder="by its schedule"
        ?disabled=${start.set === null}
        .value=${start.value}
        .min=${1e-8}
        .max=${1000}
        @change=${(event: CustomEvent<number>) => start.set?.(event.detail)}
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
        class="loss ${target?.output === undefined ? "" : "named"}"
        inline
        label=${target?.output === undefined ? "Loss" : `Loss of ${target.name}`}
        doc="What training makes small."
        @pointerenter=${this.#explain}
        @focusin=${this.#explain}
        .others=${this.#whyNot ? others?.map((it) => ({ label: it.label, why: this.#whyNot?.(it, task) })) : []}
        .choices=${losses?.length ? losses : [named(loss)]}
        .value=${loss}
        @change=${(event: CustomEvent<string>) => this.#set(withLoss(training, target?.output, event.detail))}
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
