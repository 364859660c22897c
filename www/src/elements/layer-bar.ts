// The layers one beside the other, and what can be changed about the chosen one: drawn from the engine's schema.

import { css, html, nothing } from "lit";
import { query, state } from "lit/decorators.js";
import { layerNames, type Source } from "../engine/names";
import type { Argument, EngineError, Kind, LayerSpec } from "../engine/protocol";
import { sourcesOf } from "../store/branches";
import { dropoutAfter, MAX_LAYERS, MAX_UNITS, outputLayers, regularizerOf } from "../store/layers";
import { targetNames } from "../store/targets";
import { inputKind, joins, newLayer, partners } from "../store/new-layer";
import { refusedLayer, type Refusal } from "../store/refusal";
import { ownerOf, possibleOwners } from "../store/sharing";
import { base, buttons, fields } from "../styles/controls";
import { moveFocus } from "./arrows";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { layerTitle } from "./layer-title";
import { need } from "./lazy";
import { tip } from "./tip";

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
      .layers .wrong {
        color: var(--tg-bad);
      }
      .refused {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin-top: 8px;
        padding: 8px 10px;
        border-radius: var(--tg-radius-small);
        background: var(--tg-bad-soft);
        color: var(--tg-bad);
        overflow-wrap: anywhere;
      }
      .refused p {
        flex: 1 1 240px;
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
        width: 148px;
      }
      .fields .dropout {
        width: 142px;
      }
      .fields .choice {
        width: 156px;
      }
      .fields .block {
        flex: 1 0 100%;
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
      tabgrad-inputs-field {
        margin-top: 8px;
      }
      @container (max-width: 480px) {
        .fields {
          display: grid;
          grid-template-columns: 1fr 1fr;
          align-items: end;
          --tg-beside: none;
          --tg-beside-gap: 10px;
          --tg-over: block;
        }
        .fields > :is(.number, .choice, .dropout, .penalty) {
          width: auto;
        }
        .fields > .block {
          grid-column: 1 / -1;
        }
        /* The two buttons share the last row, at its ends. */
        .fields > .quiet:not(.remove) {
          grid-column: 1;
          justify-self: start;
        }
        .fields > .remove {
          grid-column: 2;
          justify-self: end;
        }
        /* Many layers scroll sideways instead of filling the screen. */
        .tabs {
          flex-wrap: nowrap;
          overflow-x: auto;
          scrollbar-width: thin;
          padding: 2px;
        }
      }
    `,
  ];

  protected readonly watches = ["choices", "selected", "engine", "network", "data"] as const;

  @state() private more = false;
  @state() private adding = false;
  @query(".tabs") private tabs!: HTMLElement;
  @query(".add") private adder!: HTMLElement;

  protected override updated(): void {
    // With the frame: asked for now, the browser would lay out the page for this alone.
    requestAnimationFrame(() => this.#showChosenTab());
  }

  #showChosenTab(): void {
    const tab = this.renderRoot.querySelector<HTMLElement>("[aria-selected=true]");
    if (!tab || this.tabs.scrollWidth <= this.tabs.clientWidth) return;
    const { offsetLeft, offsetWidth } = tab;
    const { clientWidth, scrollLeft } = this.tabs;
    const left = offsetLeft - this.tabs.offsetLeft;
    if (left < scrollLeft || left + offsetWidth > scrollLeft + clientWidth) this.tabs.scrollLeft = left - 24;
  }

  protected override render(): unknown {
    const { choices, selected, network } = this.state;
    const { layers } = choices.model;
    const outputs = outputLayers(choices.model);
    const chosen = Math.min(selected ?? 0, layers.length - 1);
    const refusal = network.pending ? null : refusedLayer(network.error);
    if (this.adding) need("tabgrad-layer-menu");
    return html`<div class="layers">
        <div class="tabs" role="tablist" aria-label="Layers" @keydown=${(event: KeyboardEvent) => this.#key(event)}>
          ${layers.map((layer, index) => {
            const wrong = refusal?.layer === index;
            return html`<button
              type="button"
              role="tab"
              id="tab-${index}"
              class=${wrong ? "wrong" : nothing}
              data-index=${index}
              aria-selected=${index === chosen ? "true" : "false"}
              aria-controls="fields"
              tabindex=${index === chosen ? "0" : "-1"}
              @click=${() => this.lab.select(index)}
            >
              ${wrong ? icons.warn : nothing}${this.#title(layer, outputs.indexOf(index))}
            </button>`;
          })}
        </div>
        <button
          class="add"
          type="button"
          aria-haspopup="dialog"
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
      ${
        this.adding
          ? html`<tabgrad-layer-menu
              .kinds=${this.#kinds}
              .anchor=${this.adder}
              @choose=${(event: CustomEvent<Kind>) => this.#add(event.detail)}
              @close=${() => this.#closeMenu()}
            ></tabgrad-layer-menu>`
          : nothing
      }
      ${refusal && network.error ? this.#refused(refusal, network.error, chosen) : nothing}
      <div id="fields" role="tabpanel" aria-labelledby="tab-${chosen}">
        ${this.#fields(layers[chosen], chosen, outputs.includes(chosen), refusal?.layer === chosen ? refusal.argument : "")}
      </div>`;
  }

  /** What does not fit, beside the layer that does not; its advice as buttons. */
  #refused(refusal: Refusal, error: EngineError, chosen: number): unknown {
    return html`<div class="refused" role="alert">
      ${icons.warn}
      <p>${error.message}</p>
      ${
        refusal.layer === chosen
          ? nothing
          : html`<button class="small" type="button" @click=${() => this.lab.select(refusal.layer)}>
              Show the layer
            </button>`
      }
      ${(error.advice ?? []).map(
        ({ label, command }) =>
          html`<button class="small" type="button" @click=${() => this.lab.follow(command)}>${label}</button>`,
      )}
    </div>`;
  }

  #closeMenu(): void {
    this.adding = false;
    this.adder.focus();
  }

  /** `output`: its place among the outputs, or -1. */
  #title(layer: LayerSpec, output: number): string {
    const kind = this.#kind(layer.type);
    const target = targetNames(this.state.data.report)[output];
    const label = output >= 0 ? (target === undefined ? "Output" : `Output ${target}`) : (kind?.label ?? layer.type.replaceAll("_", " "));
    return layerTitle(layer, label);
  }

  /** Rows that are one thing enter as a whole. */
  get #kinds(): readonly Kind[] {
    const all = this.state.engine.schema?.layers ?? [];
    return this.state.data.report?.form ? all : [...all, inputKind];
  }

  #kind(type: string): Kind | undefined {
    return type === "input" ? inputKind : this.state.engine.schema?.layers.find((kind) => kind.type === type);
  }

  #key(event: KeyboardEvent): void {
    const tabs = [...this.tabs.querySelectorAll<HTMLElement>("[role=tab]")];
    if (event.key === "Delete") {
      this.#remove(this.state.selected ?? 0);
      return;
    }
    const reached = moveFocus(event, tabs);
    if (reached) this.lab.select(Number(reached.dataset.index));
  }

  /** What had the focus may be gone with the layer: the layer that is chosen then has it. */
  #remove(index: number): void {
    this.lab.removeLayer(index);
    void this.updateComplete.then(() => this.tabs.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  }

  #add(kind: Kind): void {
    this.#closeMenu();
    const { choices, network, data } = this.state;
    const { model } = choices;
    // What looks chosen is chosen.
    const selected = this.state.selected ?? 0;
    this.lab.select(selected);
    const [output = -1] = outputLayers(model);
    const after = Math.min(selected, output < 0 ? model.layers.length - 1 : output - 1);
    this.lab.addLayer(newLayer(kind, data.report), joins(kind) ? partners(model, after, network.summary) : undefined);
  }

  #fields(layer: LayerSpec | undefined, index: number, output: boolean, wrong: string): unknown {
    const { schema } = this.state.engine;
    if (!layer || !schema) return nothing;
    const { model } = this.state.choices;
    const kind = this.#kind(layer.type);
    const dense = layer.type === "dense";
    const all = kind?.arguments ?? [];
    const rest = all.filter(({ name, common }) => !common && !(dense && name === "kernel_regularizer" && !this.more));
    const sources = sourcesOf(model, index);
    const names = layerNames(model.layers).slice(0, index);
    // What a layer joins is the first thing one wants to know of it.
    const branches = joins(kind) || sources.length > 1;
    if (branches) need("tabgrad-inputs-field");
    const known = this.state.network.summary?.layers;
    const { further } = this.state.network;
    const owners = output ? [] : possibleOwners(model, index).filter((at) => known?.[at]?.parameters !== 0);
    if (this.more) need("tabgrad-layer-more");
    return html`<div class="fields">
        ${all
          .filter(({ common }) => common)
          .filter(({ name }) => !(output && name === "units"))
          .map((argument) => this.#argument(layer, index, { ...argument, ...limits(argument) }, wrong))}
        ${layer.type === "input" ? this.#columns(index) : nothing}
        ${dense && !output ? this.#dropout(index) : nothing} ${dense ? this.#l2(layer, index) : nothing}
        <button
          class="quiet icon-only"
          type="button"
          aria-label="More about this layer"
          aria-expanded=${this.more ? "true" : "false"}
          @click=${() => {
            this.more = !this.more;
          }}
          ${tip("Inputs, bias, initializers and everything else about this layer.")}
        >
          ${icons.sliders}
        </button>
        ${
          output
            ? nothing
            : html`<button
                class="quiet icon-only remove"
                type="button"
                aria-label="Remove this layer"
                @click=${() => this.#remove(index)}
                ${tip("Takes this layer out of the network.", "delete")}
              >
                ${icons.bin}
              </button>`
        }
      </div>
      ${
        branches
          ? html`<tabgrad-inputs-field
              .names=${names}
              .further=${further}
              .sources=${sources}
              ?wrong=${wrong === "inputs"}
              @change=${(event: CustomEvent<Source[]>) => this.lab.setSources(index, event.detail)}
            ></tabgrad-inputs-field>`
          : nothing
      }
      ${
        this.more
          ? html`<tabgrad-layer-more
              .layer=${layer}
              .arguments=${rest}
              .inSight=${all.filter(({ common }) => common)}
              .schema=${schema}
              .names=${names}
              .further=${further}
              .sources=${branches ? null : sources}
              .owners=${owners.map((at) => ({ index: at, name: names[at] ?? "" }))}
              .owner=${ownerOf(model, index)}
              .targets=${targetNames(this.state.data.report)}
              .target=${outputLayers(model).indexOf(index)}
              @change-output=${(event: CustomEvent<number>) => this.lab.chooseOutput(index, event.detail)}
              ?weights=${this.state.network.summary?.layers[index]?.parameters !== 0}
              .wrong=${wrong}
              @change-layer=${(event: CustomEvent<Partial<LayerSpec>>) => this.lab.changeLayer(index, event.detail)}
              @change-owner=${(event: CustomEvent<number | null>) => this.lab.shareWith(index, event.detail)}
              @change-inputs=${(event: CustomEvent<Source[]>) => this.lab.setSources(index, event.detail)}
            ></tabgrad-layer-more>`
          : nothing
      }`;
  }

  #argument(layer: LayerSpec, index: number, argument: Argument, wrong: string): unknown {
    return html`<tabgrad-argument-field
      class=${argument.kind === "layer" ? "block" : /integer|number|size|axes|shape/.test(argument.kind) ? "number" : "choice"}
      inline
      ?wrong=${wrong === argument.name}
      .argument=${argument}
      .schema=${this.state.engine.schema}
      .value=${layer[argument.name]}
      @change=${(event: CustomEvent<unknown>) => this.lab.changeLayer(index, { [argument.name]: event.detail })}
    ></tabgrad-argument-field>`;
  }

  /** Which columns enter here; rows that are one thing enter as a whole. */
  #columns(index: number): unknown {
    const { report } = this.state.data;
    if (!report || report.form) return nothing;
    need("tabgrad-columns-field");
    return html`<tabgrad-columns-field class="block" .lab=${this.lab} .index=${index}></tabgrad-columns-field>`;
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
