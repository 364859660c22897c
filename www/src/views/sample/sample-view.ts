// <tabgrad-sample-view>: one row of the data on its way through the network, layer by layer.
//
//   input    [picture]        what enters; tokens as words
//   conv2d   [tile][tile]...  what the layer makes of it, on the diverging scale of that layer
//   dense    [cells]

import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { LayerSummary, LayerValues, Sample } from "../../engine/protocol.js";
import { formatValue } from "../numbers.js";
import { divergingTable, rampTable, signedScale } from "../scales.js";
import { ViewElement } from "../view-element.js";
import { cellSize, mosaicOf, paintMosaic, paintPicture } from "./mosaic.js";

/** Highest tiles, in CSS pixels: the input and everything after it. */
const INPUT_TALL = 112;
const LAYER_TALL = 56;
/** A cell that is to be seen is this large. */
const CELL = 4;

interface Entry {
  name: string;
  values: LayerValues;
  tall: number;
}

@customElement("tabgrad-sample-view")
export class TabgradSampleView extends ViewElement {
  static override styles = [
    ViewElement.shared,
    css`
      .stage {
        contain: none;
        display: grid;
        gap: 10px;
        min-block-size: 160px;
      }
      .stage > div {
        display: grid;
        grid-template-columns: minmax(84px, 22%) minmax(0, 1fr);
        gap: 0 12px;
        align-items: start;
      }
      .stage > .wait {
        place-content: center;
      }
      .name {
        overflow-wrap: anywhere;
      }
      .name small {
        display: block;
        color: var(--tg-muted);
        font-size: inherit;
      }
      canvas {
        display: block;
        /* Until it is drawn, which gives it its size: a canvas by itself is wider than a phone has room for. */
        inline-size: 0;
        block-size: 32px;
        image-rendering: pixelated;
        border-radius: 2px;
      }
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 2px 6px;
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius-small, 6px);
        min-inline-size: 1.6em;
        text-align: center;
      }
      li.none {
        color: var(--tg-muted);
        border-style: dashed;
      }
    `,
  ];

  /** The newest; null: none yet. */
  @property({ attribute: false }) sample: Sample | null = null;
  /** Layers of the summary: names and whole shapes. */
  @property({ attribute: false }) layers: readonly LayerSummary[] = [];

  #entries: Entry[] = [];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("sample") && !changed.has("layers")) return;
    const { sample } = this;
    const input = sample && sample.tokens.length === 0 ? [{ name: "input", values: sample.input, tall: INPUT_TALL }] : [];
    const layers = (sample?.layers ?? []).flatMap((values, index) => {
      const layer = this.layers[index];
      return values === null || layer === undefined || layer.type === "input"
        ? []
        : [{ name: layer.name, values, tall: LAYER_TALL }];
    });
    this.#entries = [...input, ...layers];
  }

  protected override render(): unknown {
    const { sample } = this;
    return html`${this.renderProbe()}
      <div class="stage">
        ${
          sample && sample.tokens.length > 0
            ? html`<div>
                <span class="name">input<small>${sample.tokens.length} tokens</small></span>
                <ol>
                  ${sample.tokens.map((token) => html`<li class=${token === "" ? "none" : nothing}>${token || "–"}</li>`)}
                </ol>
              </div>`
            : nothing
        }
        ${this.#entries.map(
          ({ name, values }) =>
            html`<div>
              <span class="name">${breakable(name)}<small>${values.shape.join(" × ")}</small></span>
              <canvas role="img" aria-label=${describe(name, values)}></canvas>
            </div>`,
        )}
        ${this.renderNotice(sample === null ? "What the layers make of a row stands here once there is a network." : null)}
      </div>`;
  }

  protected override paint(): void {
    const canvases = this.renderRoot.querySelectorAll<HTMLCanvasElement>("canvas");
    const signed = divergingTable(this.palette);
    const ink = rampTable(this.palette.panel, this.palette.ink);
    this.#entries.forEach(({ values, tall, name }, index) => {
      const canvas = canvases[index];
      if (canvas === undefined) return;
      const width = Math.max(64, this.box.width - Math.max(84, this.box.width * 0.22) - 12);
      const isPicture = name === "input" && values.shape.length === 3;
      const [height = 1, across = 1] = values.shape;
      // A picture is one tile, whatever channels it has.
      const mosaic = mosaicOf(isPicture ? { ...values, shape: [height, across, 1] } : values, Math.floor(width / CELL));
      const side = cellSize(mosaic, width, tall);
      const image = new ImageData(mosaic.width, mosaic.height);
      if (isPicture) paintPicture(image.data, values, ink);
      else paintMosaic(image, mosaic, values.values, signed, signedScale(values.values));
      canvas.width = mosaic.width;
      canvas.height = mosaic.height;
      canvas.style.inlineSize = `${mosaic.width * side}px`;
      canvas.style.blockSize = `${mosaic.height * side}px`;
      canvas.getContext("2d")?.putImageData(image, 0, 0);
    });
  }
}

/** A long name may be broken behind its underscores. */
function breakable(name: string): unknown {
  return name.split("_").map((part, i) => (i === 0 ? part : html`_<wbr />${part}`));
}

/** The layer in words: how many values of what form, and their range. */
function describe(name: string, { shape, values }: LayerValues): string {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const form =
    shape.length >= 3
      ? `${shape[shape.length - 1]} maps of ${shape.slice(0, -1).join(" by ")}`
      : shape.length === 2
        ? `${shape[0]} steps of ${shape[1]} values`
        : `${shape[0]} values`;
  return `${name}: ${form}, from ${formatValue(low)} to ${formatValue(high)}`;
}
