// The layers one beside the other, and what can be changed about the chosen one: drawn from the engine's schema.

import { css, html, nothing } from "lit";
import { query, state } from "lit/decorators.js";
import type { Argument, Kind, LayerSpec } from "../engine/protocol";
import { dropoutAfter, MAX_LAYERS, MAX_UNITS, outputLayer, regularizerOf } from "../store/layers";
import { base, buttons, fields } from "../styles/controls";
import { integer, number } from "../styles/format";
import { moveFocus } from "./arrows";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

/** Layers that a plain chain has a use for; the others join branches. */
const CHAIN = new Set(["dense", "activation", "dropout", "batch_normalization", "flatten"]);

export class TabgradLayerBar extends LabElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        container-type: inline-size;
        margin-top: 12px;
        padding-top: 12px;
        border-top: 1px solid var(--tg-line);
      }
      .layers {
        display: flex;
        align-items: start;
        gap: 8px;
      }
      .tabs {
        display: flex;
        flex: 1;
        flex-wrap: wrap;
        gap: 4px;
      }
      .layers [role="tab"] {
        border-color: transparent;
        color: var(--tg-muted);
        padding: 0 10px;
      }
      .layers [role="tab"][aria-selected="true"] {
        border-color: var(--tg-accent);
        background: var(--tg-accent-soft);
        color: var(--tg-ink);
        font-weight: 600;
      }
      .layers .add {
        margin-left: auto;
      }
      .kinds {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin-top: 8px;
      }
      .fields {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        min-height: var(--tg-control);
        margin-top: 8px;
      }
      .fields > * {
        flex: 0 1 auto;
      }
      .fields .number {
        width: 132px;
      }
      .fields .dropout {
        width: 142px;
      }
      .fields .choice {
        width: 156px;
      }
      .fields .penalty {
        width: 112px;
      }
      .fields .quiet {
        padding: 0 8px;
      }
      .fields .remove {
        margin-left: auto;
      }
      .more {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(168px, 1fr));
        gap: 12px;
        align-items: end;
        margin-top: 12px;
      }
      @container (max-width: 480px) {
        .fields {
          display: grid;
          grid-template-columns: 1fr 1fr;
        }
        .fields > :is(.number, .choice, .dropout, .penalty) {
          width: auto;
        }
      }
    `,
  ];

  protected readonly watches = ["choices", "selected", "engine", "network"] as const;

  @state() private more = false;
  @state() private adding = false;
  @query(".tabs") private tabs!: HTMLElement;

  protected override render(): unknown {
    const { choices, selected } = this.state;
    const { layers } = choices.model;
    const output = outputLayer(choices.model);
    const chosen = Math.min(selected ?? 0, layers.length - 1);
    return html`<div class="layers">
        <div class="tabs" role="tablist" aria-label="Layers" @keydown=${(event: KeyboardEvent) => this.#key(event)}>
          ${layers.map(
            (layer, index) =>
              html`<button
                type="button"
                role="tab"
                id="tab-${index}"
                data-index=${index}
                aria-selected=${index === chosen ? "true" : "false"}
                aria-controls="fields"
                tabindex=${index === chosen ? "0" : "-1"}
                @click=${() => this.lab.select(index)}
              >
                ${this.#title(layer, index === output)}
              </button>`,
          )}
        </div>
        <button
          class="add"
          type="button"
          aria-expanded=${this.adding ? "true" : "false"}
          ?disabled=${layers.length >= MAX_LAYERS}
          @click=${() => {
            this.adding = !this.adding;
          }}
          ${tip("Puts a layer after the chosen one.")}
        >
          ${icons.plus}Layer
        </button>
      </div>
      ${this.adding ? this.#kinds() : nothing}
      <div id="fields" role="tabpanel" aria-labelledby="tab-${chosen}">
        ${this.#fields(layers[chosen], chosen, chosen === output)}
      </div>`;
  }

  #title(layer: LayerSpec, output: boolean): string {
    const kind = this.#kind(layer.type);
    const label = output ? "Output" : (kind?.label ?? layer.type.replaceAll("_", " "));
    if (typeof layer.units === "number") return `${label} ${integer(layer.units)}`;
    if (typeof layer.rate === "number") return `${label} ${number(layer.rate)}`;
    return label;
  }

  #kind(type: string): Kind | undefined {
    return this.state.engine.schema?.layers.find((kind) => kind.type === type);
  }

  #key(event: KeyboardEvent): void {
    const tabs = [...this.tabs.querySelectorAll<HTMLElement>("[role=tab]")];
    if (event.key === "Delete") {
      this.lab.removeLayer(this.state.selected ?? 0);
      return;
    }
    const reached = moveFocus(event, tabs);
    if (reached) this.lab.select(Number(reached.dataset.index));
  }

  #kinds(): unknown {
    const kinds = (this.state.engine.schema?.layers ?? []).filter((kind) => CHAIN.has(kind.type));
    return html`<div class="kinds" role="group" aria-label="Which layer to add">
      ${kinds.map(
        (kind) =>
          html`<button type="button" class="small" @click=${() => this.#add(kind)} ${tip(kind.doc)}>
            ${kind.label}
          </button>`,
      )}
    </div>`;
  }

  #add(kind: Kind): void {
    this.adding = false;
    const layer: LayerSpec = { type: kind.type };
    // What Keras has no default for must be said; the rest stays as the engine has it.
    for (const { name, default: usual } of kind.arguments.filter(({ common }) => common)) layer[name] = usual;
    if (kind.type === "dense") Object.assign(layer, { units: 8, activation: "relu" });
    if (kind.type === "dropout") layer.rate = 0.2;
    this.lab.addLayer(layer);
  }

  #fields(layer: LayerSpec | undefined, index: number, output: boolean): unknown {
    if (!layer) return nothing;
    const kind = this.#kind(layer.type);
    const dense = layer.type === "dense";
    const rest = (kind?.arguments ?? []).filter(
      ({ name, common }) => !common && !(dense && name === "kernel_regularizer" && !this.more),
    );
    return html`<div class="fields">
        ${(kind?.arguments ?? [])
          .filter(({ common }) => common)
          .filter(({ name }) => !(output && name === "units"))
          .map((argument) => this.#argument(layer, index, { ...argument, ...limits(argument) }, true))}
        ${dense && !output ? this.#dropout(index) : nothing} ${dense ? this.#l2(layer, index) : nothing}
        ${
          rest.length > 0
            ? html`<button
                class="quiet icon-only"
                type="button"
                aria-label="More about this layer"
                aria-expanded=${this.more ? "true" : "false"}
                @click=${() => {
                  this.more = !this.more;
                }}
                ${tip("Bias, initializers and everything else about this layer.")}
              >
                ${icons.sliders}
              </button>`
            : nothing
        }
        ${
          output
            ? nothing
            : html`<button
                class="quiet icon-only remove"
                type="button"
                aria-label="Remove this layer"
                @click=${() => this.lab.removeLayer(index)}
                ${tip("Takes this layer out of the network.", "delete")}
              >
                ${icons.bin}
              </button>`
        }
      </div>
      ${
        this.more && rest.length > 0
          ? html`<div class="more">${rest.map((argument) => this.#argument(layer, index, argument, false))}</div>`
          : nothing
      }`;
  }

  #argument(layer: LayerSpec, index: number, argument: Argument, inline: boolean): unknown {
    return html`<tabgrad-argument-field
      class=${argument.kind === "integer" || argument.kind === "number" ? "number" : "choice"}
      ?inline=${inline}
      .argument=${argument}
      .schema=${this.state.engine.schema}
      .value=${layer[argument.name]}
      @change=${(event: CustomEvent<unknown>) => this.lab.changeLayer(index, { [argument.name]: event.detail })}
    ></tabgrad-argument-field>`;
  }

  #dropout(index: number): unknown {
    return html`<tabgrad-number-field
      class="dropout"
      inline
      label="Dropout"
      doc=${this.#kind("dropout")?.doc ?? ""}
      .value=${dropoutAfter(this.state.choices.model, index)}
      .min=${0}
      .max=${0.9}
      .step=${0.1}
      @change=${(event: CustomEvent<number>) => this.lab.setDropout(index, event.detail)}
    ></tabgrad-number-field>`;
  }

  #l2(layer: LayerSpec, index: number): unknown {
    const penalty = regularizerOf(layer);
    return html`<tabgrad-number-field
      class="penalty"
      inline
      label="L2"
      doc="A penalty on the squares of this layer's weights: keeps them small."
      scale="logarithmic"
      .value=${penalty.l2}
      .min=${0}
      .max=${10}
      @change=${(event: CustomEvent<number>) => this.lab.setPenalty(index, { ...penalty, l2: event.detail })}
    ></tabgrad-number-field>`;
  }
}

/** The page draws networks: it stops at fewer units than the engine would. */
function limits({ name, max }: Argument): Partial<Argument> {
  return name === "units" ? { max: Math.min(max ?? MAX_UNITS, MAX_UNITS) } : {};
}
