// Everything about the training that does not stand in sight: epochs, seed, penalties, metrics, and the arguments of optimizer
// and loss, drawn from the engine's schema, so that what the engine can do the page offers. And the switches of the page.

import { css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Argument, Kind, Spec, TrainingSpec } from "../engine/protocol";
import { suits, typeOf, withArgument } from "../store/kinds";
import { regularizerOf } from "../store/layers";
import { lossOf, metricsOf, weightedMetricsOf } from "../store/targets";
import { base, fields } from "../styles/controls";
import { groupStyles } from "./group-styles";
import { isBlock } from "./kind-arguments";
import { LabElement } from "./lab-element";
import { need } from "./lazy";
import { tip } from "./tip";

export class TabgradTrainingMore extends LabElement {
  static override styles = [
    base,
    fields,
    groupStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .groups {
        display: flex;
        flex-wrap: wrap;
        gap: 16px 32px;
      }
      .group > * {
        flex: 0 0 auto;
      }
      tabgrad-number-field,
      tabgrad-argument-field {
        width: 148px;
      }
      .whole {
        flex: 1 0 100%;
      }
      /* Lists of some width, beside each other where there is room. */
      .part {
        flex: 1 1 380px;
        min-width: 0;
      }
      @container (max-width: 620px) {
        tabgrad-argument-field[wide] {
          grid-column: 1 / -1;
        }
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
    const given = lossOf(training, undefined);
    const loss = schema?.losses.find((kind) => kind.type === typeOf(given));
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
      ${
        this.#several
          ? nothing
          : this.#arguments(loss, typeof given === "string" ? {} : given, (name, value) =>
              this.#set({ loss: withArgument(given, name, value) }),
            )
      }
      ${this.#rates()} ${this.#several ? this.#outputs() : [this.#classWeights(), this.#metrics()]} ${this.#callbacks()}
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
    // The rate stands in sight; that it may follow a schedule stands here.
    const shown = (kind?.arguments ?? []).filter(
      ({ name, kind: of }) => name !== "learning_rate" || of === "schedule",
    );
    if (!kind || shown.length === 0) return nothing;
    const block = (argument: Argument) => isBlock(argument, given[argument.name], this.state.engine.schema);
    return html`<fieldset>
      <legend>${kind.label}</legend>
      <div class="group">
        ${[...shown.filter((it) => !block(it)), ...shown.filter(block)].map(
          (argument) =>
            html`<tabgrad-argument-field
              .argument=${argument}
              .schema=${this.state.engine.schema}
              .value=${given[argument.name]}
              ?wide=${block(argument)}
              @change=${(event: CustomEvent<unknown>) => change(argument.name, event.detail)}
            ></tabgrad-argument-field>`,
        )}
      </div>
    </fieldset>`;
  }

  /** What a schedule makes of the learning rate, and the test that finds one. */
  #rates(): unknown {
    need("tabgrad-rates-field");
    return html`<fieldset class="part">
      <legend>Learning rate</legend>
      <tabgrad-rates-field .lab=${this.lab}></tabgrad-rates-field>
    </fieldset>`;
  }

  get #several(): boolean {
    return this.state.data.report?.targets !== undefined;
  }

  /** Of several outputs, each has a loss, a weight and metrics of its own. */
  #outputs(): unknown {
    need("tabgrad-output-training");
    return html`<tabgrad-output-training class="whole" .lab=${this.lab}></tabgrad-output-training>`;
  }

  #classWeights(): unknown {
    if ((this.state.data.report?.classes.length ?? 0) < 2) return nothing;
    need("tabgrad-class-weights");
    return html`<fieldset class="part">
      <legend>Class weights</legend>
      <tabgrad-class-weights .lab=${this.lab}></tabgrad-class-weights>
    </fieldset>`;
  }

  #metrics(): unknown {
    const { choices, engine, data } = this.state;
    const able = (engine.schema?.metrics ?? []).filter((metric) => suits(metric, data.report?.task));
    const { training } = choices;
    const weighted = weightedMetricsOf(training, undefined);
    const weighs = training.class_weight || data.report?.columns.some(({ role }) => role === "weight");
    return html`${this.#list("Metrics", "metric", able, metricsOf(training, undefined), false, (metrics) => this.#set({ metrics }))}
    ${
      weighs || weighted.length > 0
        ? this.#list(
            "Weighted metrics",
            "weighted metric",
            able,
            weighted,
            false,
            (weighted_metrics) => this.#set({ weighted_metrics }),
            html`<p class="small muted">Scores in which each row counts as much as it weighs.</p>`,
          )
        : nothing
    }`;
  }

  #callbacks(): unknown {
    const able = this.state.engine.schema?.callbacks ?? [];
    if (able.length === 0) return nothing;
    const { callbacks = [] } = this.state.choices.training;
    need("tabgrad-kept-list");
    const kept = html`<tabgrad-kept-list .lab=${this.lab}></tabgrad-kept-list>`;
    return this.#list("Callbacks", "callback", able, callbacks, true, (list) => this.#set({ callbacks: list }), kept);
  }

  #list(
    legend: string,
    what: string,
    kinds: readonly unknown[],
    value: readonly Spec[],
    open: boolean,
    set: (value: Spec[]) => void,
    below: unknown = nothing,
  ): unknown {
    need("tabgrad-kinds-field");
    return html`<fieldset class=${open ? "whole" : "part"}>
      <legend>${legend}</legend>
      <tabgrad-kinds-field
        what=${what}
        ?open=${open}
        .kinds=${kinds}
        .value=${value}
        .schema=${this.state.engine.schema}
        @change=${(event: CustomEvent<Spec[]>) => set(event.detail)}
      ></tabgrad-kinds-field>
      ${below}
    </fieldset>`;
  }
}
