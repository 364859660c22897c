// Everything about the training that does not stand in sight: epochs, seed, penalties, metrics, and the arguments of optimizer
// and loss, drawn from the engine's schema, so that what the engine can do the page offers. And the switches of the page.

import { css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Argument, Kind, TrainingSpec } from "../engine/protocol";
import { typeOf } from "../store/kinds";
import { regularizerOf } from "../store/layers";
import { base, fields } from "../styles/controls";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradTrainingMore extends LabElement {
  static override styles = [
    base,
    fields,
    css`
      :host {
        container-type: inline-size;
      }
      .groups {
        display: flex;
        flex-wrap: wrap;
        gap: 16px 32px;
      }
      legend {
        padding: 0;
        margin-bottom: 8px;
        font-weight: 600;
      }
      .group {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 8px 12px;
      }
      .group > * {
        flex: 0 0 auto;
      }
      tabgrad-number-field,
      tabgrad-argument-field {
        width: 148px;
      }
      @container (max-width: 620px) {
        fieldset {
          flex: 1 0 100%;
        }
        .group {
          display: grid;
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        tabgrad-number-field,
        tabgrad-argument-field {
          width: auto;
        }
      }
    `,
  ];

  protected readonly watches = ["choices", "engine", "data"] as const;

  /** Whether the keys for train, step and reset are on. */
  @property({ type: Boolean }) shortcuts = true;
  @property({ type: Boolean }) reproducible = false;

  #set(change: Partial<TrainingSpec>): void {
    this.lab.changeTraining(change);
  }

  #optimizer(name: string, value: unknown): void {
    const optimizer = { ...this.state.choices.training.optimizer, [name]: value };
    if (value === undefined) delete optimizer[name];
    this.#set({ optimizer });
  }

  #announce(name: string, value: boolean): void {
    this.dispatchEvent(new CustomEvent(name, { detail: value }));
  }

  protected override render(): unknown {
    const { choices, engine } = this.state;
    const { training, model } = choices;
    const { schema } = engine;
    const penalty = regularizerOf(model.layers.find((layer) => layer.type === "dense"));
    const optimizer = schema?.optimizers.find((kind) => kind.type === training.optimizer.type);
    const loss = schema?.losses.find((kind) => kind.type === typeOf(training.loss));
    const penaltyField = (key: "l1" | "l2", doc: string) =>
      html`<tabgrad-number-field
        label=${key.toUpperCase()}
        doc=${doc}
        scale="logarithmic"
        .value=${penalty[key]}
        .min=${0}
        .max=${10}
        @change=${(event: CustomEvent<number>) => this.lab.regularizeAll({ ...penalty, [key]: event.detail })}
      ></tabgrad-number-field>`;
    return html`<div class="groups">
      <fieldset>
        <legend>Training</legend>
        <div class="group">
          <tabgrad-number-field
            integer
            optional
            label="Epochs"
            placeholder="no limit"
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
        </div>
      </fieldset>
      ${this.#arguments(optimizer, training.optimizer, (name, value) => this.#optimizer(name, value))}
      ${this.#arguments(loss, typeof training.loss === "string" ? {} : training.loss, (name, value) =>
        this.#set({ loss: withArgument(training.loss, name, value) }),
      )}
      ${this.#metrics()}
      <fieldset>
        <legend>This page</legend>
        <div class="group">
          <label class="check" ${tip("Space trains and pauses, a point steps, r resets, while the focus is in here.")}>
            <input
              type="checkbox"
              .checked=${this.shortcuts}
              @change=${(event: Event) => this.#announce("choose-shortcuts", (event.target as HTMLInputElement).checked)}
            />Keyboard shortcuts
          </label>
          <label
            class="check"
            ${tip("Slower arithmetic that gives the same bits on every machine. The network begins anew.")}
          >
            <input
              type="checkbox"
              .checked=${this.reproducible}
              @change=${(event: Event) => this.#announce("choose-reproducible", (event.target as HTMLInputElement).checked)}
            />Reproducible
          </label>
        </div>
      </fieldset>
    </div>`;
  }

  #arguments(
    kind: Kind | undefined,
    given: Record<string, unknown>,
    change: (name: string, value: unknown) => void,
  ): unknown {
    const shown = (kind?.arguments ?? []).filter(({ name }: Argument) => name !== "learning_rate");
    if (!kind || shown.length === 0) return nothing;
    return html`<fieldset>
      <legend>${kind.label}</legend>
      <div class="group">
        ${shown.map(
          (argument) =>
            html`<tabgrad-argument-field
              .argument=${argument}
              .schema=${this.state.engine.schema}
              .value=${given[argument.name]}
              @change=${(event: CustomEvent<unknown>) => change(argument.name, event.detail)}
            ></tabgrad-argument-field>`,
        )}
      </div>
    </fieldset>`;
  }

  #metrics(): unknown {
    const { choices, engine, data } = this.state;
    const numeric = data.report?.task === "regression";
    const able = (engine.schema?.metrics ?? []).filter(({ type }) => type.includes("accuracy") !== numeric);
    const chosen = choices.training.metrics;
    return html`<fieldset>
      <legend>Metrics</legend>
      <div class="group">
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
      </div>
    </fieldset>`;
  }
}

function withArgument(loss: TrainingSpec["loss"], name: string, value: unknown): TrainingSpec["loss"] {
  const made: { type: string; [argument: string]: unknown } = typeof loss === "string" ? { type: loss } : { ...loss };
  if (value === undefined) delete made[name];
  else made[name] = value;
  return made;
}
