// <tabgrad-network-view>: the network, alive.
//
// Two canvases and an overlay: edges below, tiles above them, and over both the HTML that can be read, focused and
// pressed. A frame redraws canvases only; the overlay is rendered when the network, its size or the selection changes.
//
// Fires `select-layer` {layer} and `resize-layer` {layer, delta}; layers are indices in the summary, as fed.
// Keyboard: one tab stop; left and right go from layer to layer, up and down from unit to unit, Enter selects, + and -
// resize, Escape leaves the unit.

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Configured, NeuronMaps } from "../../engine/protocol.js";
import { fitCanvas, writePixels } from "../canvas.js";
import { cssVars } from "../css-vars.js";
import "../data-table.js";
import { formatCount } from "../numbers.js";
import { readoutSentence, renderTooltip, tooltipStyles } from "../tooltip.js";
import { ViewElement } from "../view-element.js";
import { drawEdgeInFocus, drawEdges, shownEdges } from "./edges.js";
import { buildGraph, describeGraph, type Graph } from "./graph.js";
import { denseLinksInto, type Hit, hitTest } from "./hit.js";
import { layoutNetwork, type NetworkLayout, type PlacedColumn } from "./layout.js";
import { networkStyles } from "./network-styles.js";
import { bandTemplate, type HeadingOptions, headingTemplate, nameTemplates } from "./overlay.js";
import { describeHit } from "./readout.js";
import { type Atlas, buildAtlas, drawRing, drawTiles, tileColors, type TileColors } from "./tiles.js";
import { columnWithWeights, weightsTable } from "./weights-table.js";

@customElement("tabgrad-network-view")
export class TabgradNetworkView extends ViewElement {
  static override styles = [ViewElement.shared, tooltipStyles, networkStyles];

  /** What was configured; null: nothing yet. */
  @property({ attribute: false }) summary: Configured | null = null;
  /** Of one row, where that is more than a list of features: (height, width, channels). */
  @property({ attribute: false, hasChanged: (now: unknown, old: unknown) => String(now) !== String(old) })
  inputShape: readonly number[] | null = null;
  /** All parameters, flat, as a frame carries them. */
  @property({ attribute: false }) weights: Float32Array | null = null;
  /** What each neuron says about the plane; null: plain tiles. */
  @property({ attribute: false }) neurons: NeuronMaps | null = null;
  /** Index of the selected layer in the summary. */
  @property({ attribute: false }) selected: number | null = null;
  /** Offers the buttons that change a layer's size. */
  @property({ type: Boolean }) fixed = false;
  /** No layer may become larger than this. */
  @property({ type: Number, attribute: "most-units" }) mostUnits = 1024;

  @state() private layout: NetworkLayout | null = null;
  @state() private hit: Hit | null = null;
  /** The column that the tab key stops at. */
  @state() private stop = 0;

  private graph: Graph | null = null;
  /** Width of the part of the stage that is seen. */
  private visible = 0;
  private colors: TileColors | null = null;
  private atlas: Atlas | null = null;
  private readonly atlasCanvas = document.createElement("canvas");
  private readonly ruler = document.createElement("canvas").getContext("2d");
  private pointer: { x: number; y: number } | null = null;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("summary") || changed.has("inputShape")) {
      this.graph = this.summary === null ? null : buildGraph(this.summary, this.inputShape);
      this.hit = null;
      this.stop = Math.min(this.stop, Math.max(0, (this.graph?.columns.length ?? 1) - 1));
      this.place();
    }
  }

  protected override resized(): void {
    this.place();
  }

  private place(): void {
    // The visible box: the stage inside may be wider. Read here and not while rendering, which would force a layout.
    const scroller = this.renderRoot?.querySelector?.(".scroller");
    const [width, height] = [scroller?.clientWidth ?? 0, scroller?.clientHeight ?? 0];
    this.visible = width;
    if (this.graph === null || width === 0 || height === 0) {
      this.layout = null;
      return;
    }
    const ruler = this.ruler;
    if (ruler) ruler.font = `12px ${this.fontFamily}`;
    this.layout = layoutNetwork(this.graph, {
      width,
      height,
      measure: (text) => ruler?.measureText(text).width ?? text.length * 6,
    });
  }

  protected override paint(all: boolean, changed: PropertyValues): void {
    const layout = this.layout;
    if (layout === null) return;
    if (all || this.colors?.palette !== this.palette) this.colors = tileColors(this.palette);
    const moved = all || changed.has("layout") || changed.has("summary");
    if (moved || changed.has("weights")) this.paintEdges(layout);
    if (moved || changed.has("neurons")) {
      this.atlas = this.neurons === null ? null : buildAtlas(layout.columns, this.neurons, this.colors, this.atlas);
      if (this.atlas !== null) writePixels(this.atlasCanvas, this.atlas.image);
    }
    if (moved || changed.has("neurons") || changed.has("hit") || (this.hit !== null && changed.has("weights")))
      this.paintTiles(layout);
  }

  private canvas(name: string): CanvasRenderingContext2D | null {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas.${name}`);
    return canvas === null ? null : fitCanvas(canvas, this.box);
  }

  private paintEdges(layout: NetworkLayout): void {
    const context = this.canvas("edges");
    if (context !== null)
      drawEdges(context, layout, this.weights, { palette: this.palette, hairline: 1 / this.box.ratio });
  }

  private paintTiles(layout: NetworkLayout): void {
    const context = this.canvas("tiles");
    if (context === null) return;
    if (this.hit?.kind === "edge") {
      const link = layout.links[this.hit.link];
      if (link) drawEdgeInFocus(context, layout, link, this.hit.from, this.hit.to, this.weights, this.palette);
    } else if (this.hit?.kind === "unit") {
      this.paintEdgesOfUnit(context, layout, this.hit);
    }
    drawTiles(context, layout, this.atlas, this.atlas === null ? null : this.atlasCanvas, this.palette);
    if (this.hit?.kind === "unit")
      drawRing(context, layout.columns[this.hit.column] as PlacedColumn, this.hit.unit, this.palette);
  }

  /** Edges into the unit that is looked at; of an input, those that leave it. */
  private paintEdgesOfUnit(
    context: CanvasRenderingContext2D,
    layout: NetworkLayout,
    { column, unit }: { column: number; unit: number },
  ): void {
    const into = denseLinksInto(layout, column);
    for (const link of into) {
      const count = layout.columns[link.from]?.ys.length ?? 0;
      for (let i = 0; i < count; i++) drawEdgeInFocus(context, layout, link, i, unit, this.weights, this.palette);
    }
    if (into.length > 0) return;
    for (const link of layout.links.filter((out) => out.from === column && out.kind === "dense")) {
      const count = layout.columns[link.to]?.ys.length ?? 0;
      for (let j = 0; j < count; j++) drawEdgeInFocus(context, layout, link, unit, j, this.weights, this.palette);
    }
  }

  // ---- what is read and pressed ------------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    const layout = this.layout;
    const looking = this.hit !== null && this.hit.kind !== "column";
    const wide = layout !== null && layout.width > this.visible + 0.5 ? `${String(layout.width)}px` : "0";
    return html`${this.renderProbe()}
      <div class="scroller">
        <div
          class="stage ${looking ? "looking" : ""}"
          ${cssVars({ "--wide": wide })}
          @pointermove=${this.pointed}
          @pointerdown=${this.pointed}
          @pointerleave=${this.left}
          @click=${this.clicked}
        >
          ${guard([layout, this.selected], () => (layout === null ? nothing : layout.columns.map((column) => bandTemplate(column, this.isSelected(column)))))}
          <canvas class="edges"></canvas><canvas class="tiles"></canvas>
          <div class="overlay" role="group" aria-label=${this.describe()} @keydown=${this.pressed}>
            ${guard([layout, this.selected, this.stop, this.fixed, this.mostUnits], () =>
              layout === null ? nothing : this.renderOverlay(layout),
            )}
          </div>
          ${this.renderReadout()}
          ${this.renderNotice(this.graph === null ? "The network appears here once there are data." : null)}
        </div>
      </div>
      <div class="foot">
        <span class="keys"
          ><span class="key positive"><i></i>positive weight</span
          ><span class="key negative"><i></i>negative weight</span>${guard([layout], () => this.renderShown())}</span
        >
        <tabgrad-data-table
          .label=${this.tableLabel()}
          .source=${guard([this.weights, layout, this.selected], () => this.tableSource())}
        ></tabgrad-data-table>
      </div>
      <span class="sr" aria-live="polite">${this.spoken()}</span>`;
  }

  /** Says so when not every edge between the tiles is drawn. */
  private renderShown(): TemplateResult | typeof nothing {
    if (this.layout === null) return nothing;
    const { drawn, all } = shownEdges(this.layout);
    return drawn < all ? html`<span>the strongest ${formatCount(drawn)} of ${formatCount(all)} edges</span>` : nothing;
  }

  private describe(): string {
    return this.graph === null || this.summary === null
      ? "Network"
      : describeGraph(this.graph, this.summary.parameters);
  }

  private isSelected(column: PlacedColumn): boolean {
    return column.layer === this.selected && column.layer >= 0;
  }

  /** Headings with their controls, and names: rendered anew only when one of these things has changed. */
  private renderOverlay(layout: NetworkLayout): TemplateResult[] {
    const options = (column: PlacedColumn): HeadingOptions => ({
      selected: this.isSelected(column),
      tab: column.index === this.stop ? 0 : -1,
      resizable: column.resizable && !this.fixed,
      mostUnits: this.mostUnits,
      onFocus: () => (this.stop = column.index),
      onResize: (event, delta) => this.resize(event, column, delta),
    });
    return [...layout.columns.map((column) => headingTemplate(column, options(column))), ...nameTemplates(layout)];
  }

  private renderReadout(): TemplateResult | typeof nothing {
    const { layout, hit } = this;
    if (layout === null || hit === null) return nothing;
    const readout = describeHit(layout, this.weights, hit);
    if (readout === null) return nothing;
    const column = hit.kind === "unit" ? layout.columns[hit.column] : undefined;
    const y = column !== undefined && hit.kind === "unit" ? column.ys[hit.unit] : this.pointer?.y;
    return renderTooltip(readout, {
      x: column?.x ?? this.pointer?.x ?? 0,
      y: y ?? 0,
      reach: (column?.tile ?? 8) / 2 + 10,
      width: layout.width,
      height: layout.height,
    });
  }

  private spoken(): string {
    // The pointer's way over the picture is not read out, the keyboard's is.
    if (this.pointer !== null || this.layout === null || this.hit === null) return "";
    const readout = describeHit(this.layout, this.weights, this.hit);
    return readout === null ? "" : readoutSentence(readout);
  }

  private tableLabel(): string {
    const index = this.layout === null ? null : columnWithWeights(this.layout, this.selected);
    const column = index === null ? undefined : this.layout?.columns[index];
    return column === undefined ? "Weights" : `Weights of ${column.name}`;
  }

  private tableSource() {
    return () => {
      const index = this.layout === null ? null : columnWithWeights(this.layout, this.selected);
      return this.layout === null || index === null
        ? { columns: ["from", "to", "weight"], rows: [] }
        : weightsTable(this.layout, this.weights, index);
    };
  }

  // ---- pointer and keyboard ----------------------------------------------------------------------------------------

  private readonly pointed = (event: PointerEvent): void => {
    const box = this.stage?.getBoundingClientRect();
    if (this.layout === null || box === undefined) return;
    this.pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
    const hit = hitTest(this.layout, this.weights, this.pointer.x, this.pointer.y);
    if (!sameHit(hit, this.hit)) this.hit = hit;
    else if (hit?.kind === "edge") this.requestUpdate();
    this.style.cursor = hit !== null && hit.kind !== "edge" ? "pointer" : "";
  };

  private readonly left = (event: PointerEvent): void => {
    // A finger leaves with every tap; what it tapped stays until it taps elsewhere.
    if (event.pointerType === "touch") return;
    this.pointer = null;
    this.hit = null;
    this.style.cursor = "";
  };

  private readonly clicked = (event: MouseEvent): void => {
    const heading = (event.target as Element).closest<HTMLElement>("[data-column]");
    if (heading !== null) this.select(Number(heading.dataset["column"]));
    else if (this.hit?.kind === "unit" || this.hit?.kind === "column") this.select(this.hit.column);
  };

  private select(index: number): void {
    const layer = this.layout?.columns[index]?.layer ?? -1;
    this.stop = index;
    if (layer < 0) return;
    this.dispatchEvent(new CustomEvent("select-layer", { detail: { layer }, bubbles: true, composed: true }));
  }

  private resize(event: Event, column: PlacedColumn, delta: number): void {
    event.stopPropagation();
    const units = column.units + delta;
    if (!column.resizable || this.fixed || units < 1 || units > this.mostUnits) return;
    this.dispatchEvent(
      new CustomEvent("resize-layer", { detail: { layer: column.layer, delta }, bubbles: true, composed: true }),
    );
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const layout = this.layout;
    const column = layout?.columns[this.stop];
    if (layout === null || column === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = layout.columns.length - 1;
    const unit = this.hit?.kind === "unit" && this.hit.column === this.stop ? this.hit.unit : -1;
    const moves: Partial<Record<string, () => void>> = {
      ArrowRight: () => this.focusColumn(Math.min(last, this.stop + 1)),
      ArrowLeft: () => this.focusColumn(Math.max(0, this.stop - 1)),
      Home: () => this.focusColumn(0),
      End: () => this.focusColumn(last),
      ArrowDown: () => this.lookAt(column, Math.min(column.ys.length - 1, unit + 1)),
      ArrowUp: () => this.lookAt(column, unit - 1),
      Escape: () => this.lookAt(column, -1),
      "+": () => this.resize(event, column, 1),
      "-": () => this.resize(event, column, -1),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };

  private focusColumn(index: number): void {
    this.stop = index;
    this.lookAt(undefined, -1);
    this.renderRoot.querySelector<HTMLElement>(`[data-column="${String(index)}"]`)?.focus();
  }

  private lookAt(column: PlacedColumn | undefined, unit: number): void {
    this.pointer = null;
    this.hit = column === undefined || unit < 0 ? null : { kind: "unit", column: column.index, unit };
  }
}

function sameHit(a: Hit | null, b: Hit | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-network-view": TabgradNetworkView;
  }
}
