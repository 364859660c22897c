// A pad of as many pixels as the data's pictures have, to draw one's own on and ask the network.
//
// Fires `change` with the pixels, row by row, from 0 to 1, centred as the data's are. Keyboard: arrow keys move a pixel cursor,
// space inks or clears the pixel under it, Delete clears all.

import { css, html, LitElement, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import { base, buttons } from "../styles/controls";
import { cssVars } from "../views/css-vars";
import { centred, stroke, type Point } from "./brush";
import { tip } from "./tip";

/** Radius of the brush as a share of the picture's height. */
const BRUSH = 0.07;

export class TabgradDrawPad extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 12px;
        align-items: end;
      }
      .paper {
        position: relative;
        inline-size: min(192px, 60vw);
        aspect-ratio: var(--shape);
        border: 1px solid var(--tg-edge);
        border-radius: var(--tg-radius-small);
        overflow: hidden;
        cursor: crosshair;
        touch-action: none;
        /* Ink in the theme's colours: the canvas holds only how much of it. */
        background: var(--tg-panel);
      }
      canvas {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        image-rendering: pixelated;
      }
      .cursor {
        position: absolute;
        inset-inline-start: var(--x);
        inset-block-start: var(--y);
        inline-size: var(--w);
        block-size: var(--h);
        outline: 2px solid var(--tg-accent);
      }
      p {
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
        margin-block-end: 8px;
      }
    `,
  ];

  /** Pixels of a row, and rows. */
  @property({ type: Number }) columns = 8;
  @property({ type: Number }) rows = 8;

  @state() private cursor: Point | null = null;
  @query("canvas") private canvas!: HTMLCanvasElement;
  @query(".paper") private paper!: HTMLElement;
  #pixels = new Float32Array(0);
  #last: Point | null = null;

  protected override willUpdate(): void {
    if (this.#pixels.length !== this.columns * this.rows) this.#pixels = new Float32Array(this.columns * this.rows);
  }

  protected override updated(): void {
    this.#paint();
  }

  protected override render(): unknown {
    const { cursor, columns, rows } = this;
    const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
    return html`<div
        class="paper"
        tabindex="0"
        role="application"
        aria-label="Drawing pad of ${columns} by ${rows} pixels: arrow keys move, space inks, delete clears"
        ${cssVars({ "--shape": `${columns} / ${rows}` })}
        @pointerdown=${(event: PointerEvent) => this.#down(event)}
        @pointermove=${(event: PointerEvent) => this.#move(event)}
        @pointerup=${() => this.#up()}
        @pointercancel=${() => this.#up()}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
        @focusout=${() => {
          this.cursor = null;
        }}
      >
        <canvas width=${columns} height=${rows} aria-hidden="true"></canvas>
        ${
          cursor
            ? html`<span
                class="cursor"
                ${cssVars({
                  "--x": percent(cursor.x, columns),
                  "--y": percent(cursor.y, rows),
                  "--w": percent(1, columns),
                  "--h": percent(1, rows),
                })}
              ></span>`
            : nothing
        }
      </div>
      <div>
        <p>Draw here and watch what the network says.</p>
        <button type="button" class="small" @click=${() => this.#clear()} ${tip("Makes the pad blank again.")}>Clear</button>
      </div>`;
  }

  #at(event: PointerEvent): Point {
    const { left, top, width, height } = this.paper.getBoundingClientRect();
    return {
      x: ((event.clientX - left) / width) * this.columns,
      y: ((event.clientY - top) / height) * this.rows,
    };
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 && event.pointerType === "mouse") return;
    this.paper.setPointerCapture(event.pointerId);
    this.#last = this.#at(event);
    this.#ink(this.#last);
  }

  #move(event: PointerEvent): void {
    if (this.#last === null) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length > 0 ? passed : [event]) this.#ink(this.#at(each));
  }

  #up(): void {
    this.#last = null;
  }

  #ink(to: Point): void {
    stroke(this.#pixels, this.columns, this.#last ?? to, to, Math.max(0.5, BRUSH * this.rows));
    this.#last = to;
    this.#changed();
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const at = this.cursor ?? { x: Math.floor(this.columns / 2), y: Math.floor(this.rows / 2) };
    if (step) {
      const [dx = 0, dy = 0] = step;
      this.cursor = {
        x: Math.min(this.columns - 1, Math.max(0, at.x + dx)),
        y: Math.min(this.rows - 1, Math.max(0, at.y + dy)),
      };
    } else if (event.key === " ") {
      const index = at.y * this.columns + at.x;
      this.#pixels[index] = (this.#pixels[index] as number) > 0.5 ? 0 : 1;
      this.cursor = at;
      this.#changed();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.#clear();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #clear(): void {
    this.#pixels.fill(0);
    this.#changed();
  }

  #changed(): void {
    this.#paint();
    this.dispatchEvent(new CustomEvent("change", { detail: centred(this.#pixels, this.columns) }));
  }

  #paint(): void {
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    const image = context.createImageData(this.columns, this.rows);
    const ink = /(\d+)\D+(\d+)\D+(\d+)/.exec(getComputedStyle(this).color) ?? [];
    this.#pixels.forEach((share, i) => {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = Number(ink[c + 1] ?? 0);
      image.data[4 * i + 3] = 255 * share;
    });
    context.putImageData(image, 0, 0);
  }
}
