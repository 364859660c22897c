// Asking the network: raw values in, as they would stand in the file; the answer out, with how sure it is.

import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import type { ColumnReport, PredictedRow, Prediction, TableReport } from "../engine/protocol";
import { nameOf, targetsOf } from "../store/targets";
import { base, buttons, fields, panel } from "../styles/controls";
import { count, number, parseNumber, percent } from "../styles/format";
import { cssVars } from "../views/css-vars";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { need } from "./lazy";
import { tip } from "./tip";

const FIRST = 12;
const MORE = 60;
const MOST_BARS = 10;

export class TabgradPredictPanel extends LabElement {
  static override styles = [
    base,
    panel,
    buttons,
    fields,
    css`
      .form {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(80px, 1fr));
        gap: 8px;
      }
      /* A day takes more room than a number. */
      .form > .wide {
        grid-column: span 2;
      }
      .wrong {
        display: block;
        margin-top: 4px;
        color: var(--tg-bad);
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      .answer {
        display: block;
        margin-top: 12px;
        min-height: 40px;
      }
      .value {
        font-size: 28px;
        line-height: 36px;
        font-weight: 650;
        letter-spacing: -0.02em;
      }
      h3 {
        margin-top: 8px;
        color: var(--tg-muted);
        font-weight: 400;
      }
      .bar {
        display: grid;
        grid-template-columns: minmax(72px, 30%) 1fr 60px;
        align-items: center;
        gap: 12px;
        min-height: 24px;
      }
      .bar span:first-child {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .bar span:last-child {
        text-align: right;
      }
      .bar.best {
        font-weight: 600;
      }
      .track {
        height: 10px;
        border-radius: 3px;
        background: var(--tg-soft);
        overflow: hidden;
      }
      .track i {
        display: block;
        height: 100%;
        width: 100%;
        border-radius: 3px;
        background: var(--color);
        transform-origin: left;
        transform: scaleX(var(--share));
        transition: transform var(--tg-quick);
      }
      .notes {
        margin-top: 8px;
        color: var(--tg-warn);
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
    `,
  ];

  protected readonly watches = ["data", "predict", "network"] as const;

  @state() private shown = FIRST;

  protected override render(): unknown {
    const { data, predict, run } = this.state;
    const { report } = data;
    // Read out when it was asked for, not while every epoch changes it.
    const running = run.status === "running";
    return html`<section class="panel" role="group" aria-labelledby="title">
      <header>
        <h2
          id="title"
          ${tip("Asks the network as it is now. Values as they would stand in your file; empty: not known.")}
        >
          Predict
        </h2>
        <span class="aside">${report && !report.targets ? (report.columns[report.target]?.name ?? nothing) : nothing}</span>
      </header>
      ${
        report
          ? html`${isPicture(report) ? this.#pad(report) : this.#form(report)}
              <output class="answer" aria-live=${running ? "off" : "polite"}
                >${predict.result && !this.#isBlank(report) ? this.#answer(predict.result, report) : nothing}</output
              >`
          : html`<p class="empty">Once there are data, a form to ask the network stands here.</p>`
      }
    </section>`;
  }

  #form(report: TableReport): unknown {
    return html`<div class="form">
        ${report.columns
          .map((column, index) => ({ column, index }))
          .filter(({ column }) => column.role === "feature")
          .slice(0, this.shown)
          .map(({ column, index }) => this.#field(column, index))}
      </div>
      ${this.#rest(report)}`;
  }

  /** An empty pad asks nothing. */
  #isBlank(report: TableReport): boolean {
    return isPicture(report) && this.state.predict.values.every((value) => !Number(value));
  }

  /** Pictures are drawn: nobody types pixels. */
  #pad(report: TableReport): unknown {
    if (!report.form || !("image" in report.form)) return nothing;
    const { width, height, channels } = report.form.image;
    const pixels = report.columns.flatMap(({ role }, index) => (role === "feature" ? [index] : []));
    const brightest = Math.max(...pixels.map((index) => report.columns[index]?.max ?? 0));
    const take = ({ detail }: CustomEvent<Float32Array>) => {
      const values: (string | null)[] = report.columns.map(() => null);
      pixels.forEach((column, i) => {
        values[column] = String((detail[Math.floor(i / channels)] ?? 0) * brightest);
      });
      this.lab.setPredictValues(values);
    };
    need("tabgrad-draw-pad");
    return html`<tabgrad-draw-pad .columns=${width} .rows=${height} @change=${take}></tabgrad-draw-pad>`;
  }

  /** Fields that are not shown have typical values. */
  #rest(report: TableReport): unknown {
    const hidden = report.columns.filter(({ role }) => role === "feature").length - this.shown;
    if (hidden <= 0) return nothing;
    return html`<button
      class="quiet small"
      type="button"
      @click=${() => {
        this.shown += MORE;
      }}
      ${tip("They stand at typical values until you change them.")}
    >
      ${icons.right}${count(hidden, "more value")}
    </button>`;
  }

  #field(column: ColumnReport, index: number): unknown {
    const value = this.state.predict.values[index] ?? "";
    const set = (event: Event) => {
      const given = (event.target as HTMLInputElement | HTMLSelectElement).value;
      this.lab.setPredictValue(index, given.trim() === "" ? null : given);
    };
    const names = column.categories?.map(({ label }) => label) ?? [];
    if (column.type === "category" && names.length > 0 && names.length >= column.distinct) {
      return html`<label>
        <span class="caption">${column.name}</span>
        <span class="arrow">
          <select .value=${value} @change=${set}>
            <option value="" ?selected=${value === ""}>not known</option>
            ${names.map((name) => html`<option value=${name} ?selected=${name === value}>${name}</option>`)}
          </select>
        </span>
      </label>`;
    }
    const numeric = column.type === "number";
    const wrong = numeric && value !== "" && parseNumber(value) === null;
    return html`<label class=${column.type === "number" ? nothing : "wide"}>
      <span class="caption">${column.name}</span>
      <input
        type=${column.type === "date" ? "date" : "text"}
        inputmode=${numeric ? "decimal" : nothing}
        autocomplete="off"
        placeholder="not known"
        aria-invalid=${wrong ? "true" : "false"}
        .value=${value}
        @input=${set}
      />
      ${wrong ? html`<span class="wrong" role="alert">This is not a number.</span>` : nothing}
    </label>`;
  }

  #answer(row: PredictedRow, report: TableReport): unknown {
    if (row.inputs) {
      need("tabgrad-row-answer");
      return html`<tabgrad-row-answer .report=${report} .row=${row}></tabgrad-row-answer>`;
    }
    const all = row.targets ?? [row];
    return html`${targetsOf(report).map((target, place) => {
      const said = all[place];
      const heading = report.targets ? html`<h3>${nameOf(report, target)}</h3>` : nothing;
      if (!said) return nothing;
      return [heading, said.probabilities ? this.#bars(said.probabilities, said.label, target.classes) : this.#value(said)];
    })}
    ${row.issues.length > 0 ? html`<p class="notes">${row.issues.join(" ")}</p>` : nothing}`;
  }

  #value(row: Prediction): unknown {
    return html`<div class="value">${row.label ?? number(row.value)}</div>`;
  }

  #bars(probabilities: readonly number[], label: string | undefined, classes: readonly string[]): unknown {
    const all = classes.map((name, index) => ({ name, index, share: probabilities[index] ?? 0 }));
    const shown = all.length > MOST_BARS ? [...all].sort((a, b) => b.share - a.share).slice(0, MOST_BARS) : all;
    return shown.map(
      ({ name, index, share }) =>
        html`<div class="bar ${name === label ? "best" : ""}">
          <span>${name}</span>
          <span class="track" aria-hidden="true">
            <i
              ${cssVars({
                "--share": String(Math.min(1, Math.max(0, share))),
                "--color": `var(--tg-class-${index % 8})`,
              })}
            ></i>
          </span>
          <span>${percent(share)}</span>
        </div>`,
    );
  }
}

function isPicture(report: TableReport): boolean {
  return report.form !== undefined && "image" in report.form;
}
