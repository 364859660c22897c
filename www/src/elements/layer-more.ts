// Everything about a layer that does not stand in sight: what it reads, whether it learns, and all its other arguments.
//
// Fires `change-layer` with the arguments to change, `change-inputs` with sources, `change-owner` with the index of the layer whose
// weights it takes, or null, `change-output` with the place of the target that it is to predict.

import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Source } from "../engine/names";
import type { Argument, LayerSpec, Schema, Spec } from "../engine/protocol";
import { typeOf } from "../store/kinds";
import { base, fields } from "../styles/controls";
import { activationArguments, argumentFields, isBlock, kindStyles } from "./kind-arguments";
import { need } from "./lazy";
import { tip } from "./tip";

export class TabgradLayerMore extends LitElement {
  static override styles = [
    base,
    fields,
    kindStyles,
    css`
      .more {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(132px, 100%), 1fr));
        gap: 12px;
        align-items: end;
        margin-top: 12px;
      }
      .block {
        padding: 8px;
        border-radius: var(--tg-radius-small);
        background: var(--tg-soft);
      }
      .title {
        font-weight: 500;
      }
      .whole,
      tabgrad-argument-field[wide] {
        grid-column: 1 / -1;
      }
    `,
  ];

  @property({ attribute: false }) layer!: LayerSpec;
  @property({ attribute: false }) arguments: readonly Argument[] = [];
  /** Those that are chosen elsewhere: of activations among them, what they take stands here. */
  @property({ attribute: false }) inSight: readonly Argument[] = [];
  @property({ attribute: false }) schema!: Schema;
  /** Names of the layers before it, what outputs they have behind the first, and what it reads of them; null: that is said elsewhere. */
  @property({ attribute: false }) names: readonly string[] = [];
  @property({ attribute: false }) further: readonly (readonly string[])[] = [];
  @property({ attribute: false }) sources: readonly Source[] | null = null;
  /** It has weights to learn, as far as is known. */
  @property({ type: Boolean }) weights = false;
  /** Names of layers whose weights it could take, by index, and of the one whose it takes. */
  @property({ attribute: false }) owners: readonly { index: number; name: string }[] = [];
  @property({ attribute: false }) owner: number | null = null;
  /** Names of several targets, and the place of the one that it predicts, or -1. */
  @property({ attribute: false }) targets: readonly string[] = [];
  @property({ attribute: false }) target = -1;
  /** Name of the argument that the engine refused. */
  @property() wrong = "";

  #change(name: string, value: unknown): void {
    this.dispatchEvent(new CustomEvent("change-layer", { detail: { [name]: value } }));
  }

  /** What the activation takes that is chosen in sight. */
  #activation(argument: Argument): unknown {
    if (argument.kind !== "activation") return nothing;
    const spec = (this.layer[argument.name] ?? argument.default) as Spec;
    const all = activationArguments(spec, this.schema);
    const chosen = this.schema.activations.find(({ type }) => type === typeOf(spec));
    if (!chosen || all.length === 0) return nothing;
    return html`<div class="own whole block" role="group" aria-label=${chosen.label}>
      <p class="title" ${tip(chosen.doc)}>${chosen.label}</p>
      ${argumentFields(spec, all, this.schema, (changed) => this.#change(argument.name, changed))}
    </div>`;
  }

  protected override render(): unknown {
    const { layer, schema, wrong } = this;
    if (this.sources) need("tabgrad-inputs-field");
    return html`<div class="more">
      ${
        this.sources
          ? html`<tabgrad-inputs-field
              class="whole"
              .names=${this.names}
              .further=${this.further}
              .sources=${this.sources}
              ?wrong=${wrong === "inputs"}
              @change=${(event: CustomEvent<Source[]>) =>
                this.dispatchEvent(new CustomEvent("change-inputs", { detail: event.detail }))}
            ></tabgrad-inputs-field>`
          : nothing
      }
      ${
        this.targets.length > 1
          ? html`<tabgrad-select-field
              label="Output for"
              doc="Which target this layer predicts: it takes the place of the output that there was, or changes places with it."
              .choices=${[
                ...(this.target < 0 ? [{ type: "-1", label: "none", doc: "" }] : []),
                ...this.targets.map((name, place) => ({ type: String(place), label: name, doc: "" })),
              ]}
              .value=${String(this.target)}
              @change=${(event: CustomEvent<string>) =>
                this.dispatchEvent(new CustomEvent("change-output", { detail: Number(event.detail) }))}
            ></tabgrad-select-field>`
          : nothing
      }
      ${this.inSight.map((argument) => this.#activation(argument))}
      ${this.arguments.map((argument) => {
        const value = layer[argument.name];
        return html`<tabgrad-argument-field
          .argument=${argument}
          .schema=${schema}
          .value=${value}
          ?wide=${isBlock(argument, value ?? argument.default, schema)}
          ?wrong=${wrong === argument.name}
          @change=${(event: CustomEvent<unknown>) => this.#change(argument.name, event.detail)}
        ></tabgrad-argument-field>`;
      })}
      ${
        this.owners.length > 0
          ? html`<tabgrad-select-field
              label="Shares weights with"
              doc="Both layers then have the same weights and arguments, and learn together."
              .choices=${[{ type: "", label: "none", doc: "" }, ...this.owners.map(({ index, name }) => ({ type: String(index), label: name, doc: "" }))]}
              .value=${this.owner === null ? "" : String(this.owner)}
              ?wrong=${wrong === "shares"}
              @change=${(event: CustomEvent<string>) =>
                this.dispatchEvent(
                  new CustomEvent("change-owner", { detail: event.detail === "" ? null : Number(event.detail) }),
                )}
            ></tabgrad-select-field>`
          : nothing
      }
      ${
        this.weights
          ? html`<label class="check" ${tip("Training changes its weights; otherwise they stay as they are.")}>
              <input
                type="checkbox"
                .checked=${layer.trainable !== false}
                @change=${(event: Event) =>
                  this.#change("trainable", (event.target as HTMLInputElement).checked ? undefined : false)}
              />Learns
            </label>`
          : nothing
      }
      ${
        this.weights && layer.trainable !== false
          ? html`<tabgrad-number-field
              label="Learning rate ×"
              doc="What the learning rate is multiplied with for this layer's weights."
              scale="logarithmic"
              .value=${typeof layer["learning_rate_multiplier"] === "number" ? layer["learning_rate_multiplier"] : 1}
              .min=${0}
              .max=${1000}
              ?wrong=${wrong === "learning_rate_multiplier"}
              @change=${(event: CustomEvent<number>) =>
                this.#change("learning_rate_multiplier", event.detail === 1 ? undefined : event.detail)}
            ></tabgrad-number-field>`
          : nothing
      }
    </div>`;
  }
}
