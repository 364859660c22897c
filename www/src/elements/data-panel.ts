// The data: every column with its type, range and shape, which of them is to be predicted, and what was found wrong.

import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import type { Form, Issue, TableReport } from "../engine/protocol";
import { isOfRow, targetsOf } from "../store/targets";
import { findBuiltin } from "../presets/data";
import type { DataSource, Progress } from "../store/state";
import { base, buttons, fields, panel, progressBar } from "../styles/controls";
import { bytes, count, number, percent } from "../styles/format";
import { brightest, partsOf } from "../views/sample/rows-of";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { need } from "./lazy";
import { tip } from "./tip";

/** Columns shown at first, and how many come with every "more": a table of thousands must not become a page of thousands. */
const FIRST = 12;
const MORE = 60;
/** Notes shown at first. */
const NOTES = 4;

export class TabgradDataPanel extends LabElement {
  static override styles = [
    base,
    panel,
    buttons,
    fields,
    progressBar,
    css`
      :host {
        container-type: inline-size;
      }
      .columns {
        margin: 0 -8px;
      }
      .folded .head {
        align-items: start;
        margin-bottom: 8px;
      }
      .folded p {
        flex: 1;
        min-width: 0;
      }
      .folded b {
        font-weight: 500;
      }
      .folded small {
        display: block;
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      tabgrad-sample-rows {
        min-height: 56px;
        margin-bottom: 8px;
      }
      .origin {
        margin-top: 8px;
      }
      .issues {
        display: grid;
        gap: 8px;
        margin-top: 8px;
      }
      .issue {
        display: grid;
        grid-template-columns: 16px 1fr auto;
        gap: 8px;
        align-items: center;
        padding: 8px 10px;
        border-radius: var(--tg-radius-small);
        background: var(--tg-soft);
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      .issue .icon {
        color: var(--tg-muted);
      }
      .issue.warning {
        background: var(--tg-warn-soft);
      }
      .issue.warning .icon {
        color: var(--tg-warn);
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 8px -8px -8px;
      }
      .loading {
        padding: 16px 0;
      }
      progress {
        height: 4px;
        margin: 8px 0;
      }
      .cancel {
        margin-top: 8px;
      }
      .options {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-top: 8px;
      }
      .options button {
        align-self: end;
      }
      .skeleton {
        height: 40px;
        margin: 4px 0;
        border-radius: var(--tg-radius-small);
        background: var(--tg-soft);
      }
    `,
  ];

  protected readonly watches = ["data"] as const;

  @state() private shown = FIRST;
  @state() private table = false;
  @state() private unfolded = false;
  /** What is predicted is being chosen: several columns may be. */
  @state() private choosing = false;
  @state() private open = new Set<number>();

  protected override render(): unknown {
    const { data } = this.state;
    const { report } = data;
    return html`<section class="panel" role="group" aria-labelledby="title">
      <header>
        <h2 id="title">Data</h2>
        <span class="aside">
          ${report ? `${count(report.rows, "row")}, ${count(report.columns.length, "column")}` : nothing}
        </span>
      </header>
      ${
        data.status === "loading" && data.loading !== null
          ? this.#loading(data.loading)
          : report
            ? this.#report(report)
            : data.status === "loading"
              ? html`${[0, 1, 2, 3, 4].map(() => html`<div class="skeleton"></div>`)}`
              : html`<p class="empty">
                  Choose a data set above, or drop a CSV file of your own anywhere on this page.
                </p>`
      }
    </section>`;
  }

  #loading(name: string): unknown {
    const { progress } = this.state.data;
    return html`<div class="loading">
      <p>Reading ${name}</p>
      <progress
        aria-label="Reading ${name}"
        max=${progress?.total ?? 1}
        .value=${progress?.total ? progress.done : 0}
      ></progress>
      <p class="small muted">${progress ? describe(progress) : nothing}</p>
      <button class="small cancel" type="button" @click=${() => this.lab.cancelLoad()}>Cancel</button>
    </div>`;
  }

  #report(report: TableReport): unknown {
    // The targets are always among those shown; the parts of a picture or a sequence are folded into one row.
    const order = [...report.columns.keys()].filter(
      (index) => this.unfolded || !report.form || report.columns[index]?.role !== "feature",
    );
    const visible = order.filter((index, place) => place < this.shown || report.columns[index]?.role === "target");
    const hidden = order.length - visible.length;
    const several = this.choosing || report.targets !== undefined || isOfRow(report);
    const origin = originOf(this.state.data.source, report);
    return html`${report.form ? this.#folded(report, report.form) : nothing}
      <div
        class="columns"
        role=${several ? "group" : "radiogroup"}
        aria-label=${several ? "Which columns are to be predicted" : "Which column is to be predicted"}
      >
        ${visible.map(
          (index) =>
            html`<tabgrad-column-row
              .lab=${this.lab}
              .index=${index}
              ?several=${several}
              ?open=${this.open.has(index)}
              @toggle-open=${() => this.#toggle(index)}
              @move-target=${(event: CustomEvent<1 | -1>) => this.#move(visible, index, event.detail)}
            ></tabgrad-column-row>`,
        )}
      </div>
      ${several ? this.#rowTarget() : nothing}
      ${
        report.issues.length > 0
          ? html`<ul class="issues">
              ${report.issues.slice(0, this.shown > FIRST ? MORE : NOTES).map((issue) => this.#issue(issue))}
            </ul>`
          : nothing
      }
      ${this.#options()}
      <div class="foot">
        ${
          hidden > 0 || this.shown > FIRST || report.issues.length > NOTES
            ? html`<button
                class="quiet small"
                type="button"
                @click=${() => {
                  this.shown = hidden > 0 || this.shown === FIRST ? this.shown + MORE : FIRST;
                }}
              >
                ${hidden > 0 ? `${count(hidden, "more column")}` : this.shown > FIRST ? "Show fewer" : "All notes"}
              </button>`
            : nothing
        }
        <button
          class="quiet small"
          type="button"
          aria-expanded=${this.table ? "true" : "false"}
          @click=${() => {
            this.table = !this.table;
          }}
          ${tip("The first rows as they stand in the file.")}
        >
          ${this.table ? icons.down : icons.right}First rows
        </button>
        <button
          class="quiet small"
          type="button"
          aria-expanded=${several ? "true" : "false"}
          @click=${() => this.#chooseSeveral(report, several)}
          ${tip("Lets you choose more than one column to predict, each with an output of its own, or the row itself.")}
        >
          ${several ? icons.down : icons.right}Several targets
        </button>
      </div>
      ${this.table ? this.#sampleTable(report) : nothing}
      ${origin && (this.table || report.form) ? html`<p class="small muted origin">${origin}</p>` : nothing}`;
  }

  #chooseSeveral(report: TableReport, several: boolean): void {
    this.choosing = !several;
    // The first of them stays.
    const [first] = targetsOf(report);
    if (several && first && report.targets) this.lab.changeTable({ target: first.column });
    else if (several && isOfRow(report)) this.lab.changeTable({ target: report.columns.length - 1 });
  }

  #rowTarget(): unknown {
    need("tabgrad-row-target");
    return html`<tabgrad-row-target .lab=${this.lab}></tabgrad-row-target>`;
  }

  #sampleTable(report: TableReport): unknown {
    need("tabgrad-sample-table");
    return html`<tabgrad-sample-table .report=${report}></tabgrad-sample-table>`;
  }

  /** Pictures and sequences as what they are; their columns on request. */
  #folded(report: TableReport, form: Form): unknown {
    need("tabgrad-sample-rows");
    const parts = partsOf(report).length;
    const line =
      "image" in form
        ? `${form.image.height} × ${form.image.width} pixels${form.image.channels > 1 ? ` × ${form.image.channels}` : ""}, 0 to ${number(brightest(report))}`
        : `${count(form.tokens.length, "place")}, ${count(form.tokens.vocabulary - 1, "different token")}`;
    return html`<div class="folded">
      <div class="head">
        <p><b>${"image" in form ? "Pictures" : "Sequences"}</b><small>${line}</small></p>
        <button
          class="quiet small"
          type="button"
          aria-expanded=${this.unfolded ? "true" : "false"}
          @click=${() => {
            this.unfolded = !this.unfolded;
          }}
          ${tip("Every column by itself, with its figures.")}
        >
          ${this.unfolded ? icons.down : icons.right}${count(parts, "column")}
        </button>
      </div>
      <tabgrad-sample-rows .report=${report}></tabgrad-sample-rows>
    </div>`;
  }

  #toggle(index: number): void {
    const open = new Set(this.open);
    if (!open.delete(index)) open.add(index);
    this.open = open;
  }

  /** Arrow keys among the target buttons, which stand in shadow roots of their own. */
  #move(visible: number[], index: number, by: 1 | -1): void {
    const at = visible.indexOf(index);
    const to = (at + by + visible.length) % visible.length;
    const rows = this.renderRoot.querySelectorAll("tabgrad-column-row");
    const target = visible[to];
    if (target === undefined) return;
    rows[to]?.focusTarget();
  }

  /** What generated data can be made of. */
  #options(): unknown {
    const { source } = this.state.data;
    if (source?.kind !== "builtin" || source.options.noise === undefined) return nothing;
    const { options } = source;
    return html`<div class="options">
      <tabgrad-number-field
        label="Noise"
        doc="How far the points are scattered about their shape, as a standard deviation."
        .value=${options.noise ?? 0}
        .min=${0}
        .max=${10}
        .step=${0.05}
        @change=${(event: CustomEvent<number>) => this.lab.changeOptions({ noise: event.detail })}
      ></tabgrad-number-field>
      <tabgrad-number-field
        label="Rows"
        integer
        doc="How many points are made."
        .value=${options.rows ?? 100}
        .min=${10}
        .max=${100_000}
        .step=${100}
        @change=${(event: CustomEvent<number>) => this.lab.changeOptions({ rows: event.detail })}
      ></tabgrad-number-field>
    </div>`;
  }

  #issue(issue: Issue): unknown {
    const duplicates = /duplicate rows? .*kept\.$/.test(issue.message);
    return html`<li class="issue ${issue.severity}">
      ${issue.severity === "warning" ? icons.warn : icons.info}<span>${issue.message}</span>
      ${
        duplicates
          ? html`<button class="small" type="button" @click=${() => this.lab.changeTable({ drop_duplicates: true })}>
              Drop
            </button>`
          : nothing
      }
    </li>`;
  }
}

/** Where data that come with the page are from, and under which licence. */
/** How far reading has come, in words. */
function describe({ what, done, total, rows }: Progress): string {
  if (what === "columns") return `looking at the columns: ${percent(done / (total ?? 1), 0)}`;
  const of = total ? ` of ${bytes(total)}` : "";
  return `${bytes(done)}${of}${rows ? `, ${count(rows, "row")}` : ""}`;
}

function originOf(source: DataSource | null, report: TableReport): string | undefined {
  return report.origin ?? (source?.kind === "builtin" ? findBuiltin(source.name)?.origin : undefined);
}
