// How the network learns: learning rate, batch, optimizer and loss in sight, the rest behind "More", drawn from the engine's
// schema, so that what the engine can do the page offers.

import { css, html, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Argument, Kind, TrainingSpec } from "../engine/protocol";
import { regularizerOf, typeOf } from "../store/layers";
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
        justify-content: flex-end;
      }
      .common > * {
        flex: 0 1 auto;
      }
      .rate {
        width: 204px;
      }
      .batch {
        width: 148px;
      }
      .more {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(176px, 1fr));
        gap: 12px;
        margin-top: 12px;
        padding-top: 12px;
        border-top: 1px solid var(--tg-line);
        align-items: end;
      }
      .more h3 {
        grid-column: 1 / -1;
        margin-top: 4px;
        font-size: var(--tg-text-small);
        line-height: 16px;
        font-weight: 600;
        color: var(--tg-muted);
      }
      .metrics {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 0 20px;
      }
      @container (max-width: 620px) {
        .common {
          display: grid;
          grid-template-columns: repeat(auto-fit, minmax(148px, 1fr));
        }
        .rate,
        .batch {
          width: auto;
        }
      }
    `,
  ];

  protected readonly watches = ["choices", "engine", "data"] as const;

  /** Whether the keys for train, step and reset are on; a switch behind "More" says so. */
  @property({ type: Boolean }) shortcuts = true;
  @property({ type: Boolean }) reproducible = false;

  @state() private open = false;

  #set(change: Partial<TrainingSpec>): void {
    this.lab.changeTraining(change);
  }

  #optimizer(change: Record<string, unknown>): void {
    const optimizer = { ...this.state.choices.training.optimizer, ...change };
    for (const key of Object.keys(optimizer)) if (optimizer[key] === undefined) delete optimizer[key];
    this.#set({ optimizer });
  }

  #chooseOptimizer(type: string): void {
    const kind = this.state.engine.schema?.optimizers.find((optimizer) => optimizer.type === type);
    const usual = kind?.arguments.find((argument) => argument.name === "learning_rate")?.default;
    const { learning_rate } = this.state.choices.training.optimizer;
    this.#set({ optimizer: { type, learning_rate: learning_rate > 0 ? learning_rate : Number(usual) } });
  }

  #announce(name: string, value: boolean): void {
    this.dispatchEvent(new CustomEvent(name, { detail: value }));
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
          @change=${(event: CustomEvent<number>) => this.#optimizer({ learning_rate: event.detail })}
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
          inline
          label="Optimizer"
          doc="How the weights follow their gradients."
          .choices=${schema?.optimizers ?? [named(training.optimizer.type)]}
          .value=${training.optimizer.type}
          @change=${(event: CustomEvent<string>) => this.#chooseOptimizer(event.detail)}
        ></tabgrad-select-field>
        <tabgrad-select-field
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
          aria-expanded=${this.open ? "true" : "false"}
          @click=${() => {
            this.open = !this.open;
          }}
          ${tip("Epochs, regularization, seed and everything else about the training.")}
        >
          ${icons.sliders}More
        </button>
      </div>
      ${this.open && schema ? this.#more() : nothing}`;
  }

  #more(): unknown {
    const { choices, engine } = this.state;
    const { training, model } = choices;
    const { schema } = engine;
    const penalty = regularizerOf(model.layers.find((layer) => layer.type === "dense"));
    const optimizer = schema?.optimizers.find((kind) => kind.type === training.optimizer.type);
    const loss = schema?.losses.find((kind) => kind.type === typeOf(training.loss));
    const penaltyField = (key: "l1" | "l2", doc: string) => html`<tabgrad-number-field
      label=${key.toUpperCase()}
      doc=${doc}
      scale="logarithmic"
      .value=${penalty[key]}
      .min=${0}
      .max=${10}
      @change=${(event: CustomEvent<number>) => this.lab.regularizeAll({ ...penalty, [key]: event.detail })}
    ></tabgrad-number-field>`;
    return html`<div class="more">
      <h3>Training</h3>
      <tabgrad-number-field
        integer
        optional
        label="Epochs"
        placeholder="until paused"
        doc="Training stops by itself after so many times through the rows; empty: when you pause it."
        .value=${training.epochs}
        .min=${1}
        .max=${1_000_000}
        .step=${50}
        @change=${(event: CustomEvent<number | null>) => this.#set({ epochs: event.detail })}
      ></tabgrad-number-field>
      <tabgrad-number-field
        integer
        label="Seed"
        doc="Where all chance comes from: the same seed gives the same first weights, order of rows and dropout."
        .value=${training.seed}
        .min=${0}
        .max=${4_294_967_295}
        @change=${(event: CustomEvent<number>) => this.#set({ seed: event.detail })}
      ></tabgrad-number-field>
      ${penaltyField("l1", "A penalty on the absolute size of all weights: pushes needless ones to nought.")}
      ${penaltyField("l2", "A penalty on the squares of all weights: keeps them small, the function smooth.")}
      <label class="check" ${tip("Goes through the rows in a new order in every epoch.")}>
        <input
          type="checkbox"
          .checked=${training.shuffle}
          @change=${(event: Event) => this.#set({ shuffle: (event.target as HTMLInputElement).checked })}
        />Shuffle rows
      </label>
      ${this.#arguments(optimizer, training.optimizer, (name, value) => this.#optimizer({ [name]: value }))}
      ${this.#arguments(loss, typeof training.loss === "string" ? {} : training.loss, (name, value) =>
        this.#set({ loss: withArgument(training.loss, name, value) }),
      )}
      ${this.#metrics()}
      <h3>This page</h3>
      <label class="check" ${tip("Space trains and pauses, a point steps, r resets, while the focus is in here.")}>
        <input
          type="checkbox"
          .checked=${this.shortcuts}
          @change=${(event: Event) => this.#announce("choose-shortcuts", (event.target as HTMLInputElement).checked)}
        />Keyboard shortcuts
      </label>
      <label class="check" ${tip("Slower arithmetic that gives the same bits on every machine. The network begins anew.")}>
        <input
          type="checkbox"
          .checked=${this.reproducible}
          @change=${(event: Event) => this.#announce("choose-reproducible", (event.target as HTMLInputElement).checked)}
        />Reproducible
      </label>
    </div>`;
  }

  #arguments(
    kind: Kind | undefined,
    given: Record<string, unknown>,
    change: (name: string, value: unknown) => void,
  ): unknown {
    const shown = (kind?.arguments ?? []).filter(({ name }: Argument) => name !== "learning_rate");
    if (!kind || shown.length === 0) return nothing;
    return html`<h3>${kind.label}</h3>
      ${shown.map(
        (argument) =>
          html`<tabgrad-argument-field
            .argument=${argument}
            .schema=${this.state.engine.schema}
            .value=${given[argument.name]}
            @change=${(event: CustomEvent<unknown>) => change(argument.name, event.detail)}
          ></tabgrad-argument-field>`,
      )}`;
  }

  #metrics(): unknown {
    const { choices, engine, data } = this.state;
    const numeric = data.report?.task === "regression";
    const able = (engine.schema?.metrics ?? []).filter(({ type }) => type.includes("accuracy") !== numeric);
    const chosen = choices.training.metrics;
    return html`<h3>Metrics</h3>
      <div class="metrics" role="group" aria-label="Metrics">
        ${able.map(
          ({ type, label, doc }) =>
            html`<label class="check" ${tip(doc)}>
              <input
                type="checkbox"
                .checked=${chosen.includes(type)}
                @change=${(event: Event) => {
                  const on = (event.target as HTMLInputElement).checked;
                  this.#set({ metrics: on ? [...chosen, type] : chosen.filter((metric) => metric !== type) });
                }}
              />${label}
            </label>`,
        )}
      </div>`;
  }
}

function withArgument(loss: TrainingSpec["loss"], name: string, value: unknown): TrainingSpec["loss"] {
  const made: { type: string; [argument: string]: unknown } = typeof loss === "string" ? { type: loss } : { ...loss };
  if (value === undefined) delete made[name];
  else made[name] = value;
  return made;
}
