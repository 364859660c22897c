// <tabgrad-proof>: the engine's arithmetic, checked in the visitor's own browser.
//
//   goldens    what Keras computed, case by case      (tests/goldens/json)
//   reports    what scikit-learn says of predictions  (the same)
//   ONNX       its published node tests               (tests/onnx/cases.json)
//   gradients  against differences of the loss        (tests/goldens/gradients.json)
//
// Everything runs in a worker, in one build of the engine after another; ending the worker is how a run is stopped.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { defaultThreads, hasRelaxedSimd, sharedMemory } from "../engine/probe";
import { spawnWorker } from "../engine/spawn";
import { defaultBase, engineUrls, variants, type Variant } from "../engine/urls";
import { rememberedTheme, SystemTheme } from "../elements/theme";
import { base, buttons, fields, panel } from "../styles/controls";
import { compact, count as counted, integer } from "../styles/format";
import { tokens } from "../styles/tokens";
import { caseName, fetchFamilies, type Family } from "./cases";
import type { Outcome } from "./compare";
import { count, exported, isGreen, text, total, type Count, type Run } from "./report";
import type { FromProof, Start } from "./wire";
import proofWorker from "./worker?worker&url";

const LABELS: Record<Variant, string> = {
  "threads-relaxed": "Threads, relaxed SIMD",
  "threads-simd": "Threads, plain SIMD",
  "single-relaxed": "One thread, relaxed SIMD",
  "single-simd": "One thread, plain SIMD",
};

/** Differences shown of one case. */
const LINES = 5;

@customElement("tabgrad-proof")
export class TabgradProof extends LitElement {
  static override styles = [
    tokens,
    base,
    buttons,
    fields,
    panel,
    css`
      :host {
        min-block-size: 100vh;
        background: var(--tg-bg);
      }
      main {
        max-inline-size: 960px;
        margin: auto;
        padding: 24px 16px 64px;
      }
      h1 {
        margin: 0 0 8px;
        font-size: 24px;
        line-height: 32px;
        letter-spacing: -0.02em;
      }
      .lead {
        max-inline-size: 62ch;
        color: var(--tg-muted);
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        margin-block: 16px;
      }
      .verdict {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: baseline;
        font-size: 18px;
        line-height: 28px;
        font-weight: 600;
      }
      .verdict small {
        font-size: var(--tg-text-small);
        font-weight: 400;
        color: var(--tg-muted);
      }
      progress {
        inline-size: 100%;
        block-size: 6px;
        accent-color: var(--tg-accent);
      }
      section {
        margin-block-start: 16px;
        overflow-x: auto;
      }
      table {
        inline-size: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 6px 8px;
        text-align: end;
        border-block-start: 1px solid var(--tg-line);
        vertical-align: top;
      }
      thead th {
        border: 0;
        color: var(--tg-muted);
        font-weight: 400;
        font-size: var(--tg-text-small);
      }
      th:first-child,
      td:first-child {
        text-align: start;
      }
      tbody th {
        font-weight: 400;
      }
      .green {
        color: var(--tg-good);
      }
      .red {
        color: var(--tg-bad);
      }
      .wrong {
        margin: 4px 0 0;
        font-size: var(--tg-text-small);
        line-height: 16px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private families: Family[] = [];
  @state() private runs: Run[] = [];
  @state() private chosen: Variant | "all" = "all";
  @state() private running: Variant | null = null;
  @state() private error = "";
  #worker: Worker | null = null;
  #stopped = false;
  /** Something was done that is not drawn yet. */
  #isWaiting = false;
  readonly #theme = new SystemTheme(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  /** The builds this browser can run. */
  get able(): Variant[] {
    const threads = typeof sharedMemory() !== "string" && this.#threads > 1;
    return variants.filter((name) => (threads || name.startsWith("single")) && (hasRelaxedSimd() || name.endsWith("simd")));
  }

  get #threads(): number {
    return Math.max(2, defaultThreads(navigator.hardwareConcurrency || 1));
  }

  async #begin(): Promise<void> {
    try {
      this.families = await fetchFamilies(new URL("proof/", new URL("../", defaultBase())).href);
      // A link may ask for one build: proof.html#single-simd.
      const asked = location.hash.slice(1) as Variant;
      if (this.able.includes(asked)) this.chosen = asked;
      await this.#run();
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
  }

  async #run(): Promise<void> {
    this.#stopped = false;
    this.error = "";
    this.runs = [];
    for (const variant of this.chosen === "all" ? this.able : [this.chosen]) {
      if (this.#stopped) break;
      this.running = variant;
      await this.#runOne(variant);
    }
    this.running = null;
  }

  #runOne(variant: Variant): Promise<void> {
    const worker = spawnWorker(new URL(proofWorker, import.meta.url).href);
    this.#worker = worker;
    const run: Run = {
      engine: { variant, threads: 1, relaxed_simd: variant.endsWith("relaxed"), isolated: crossOriginIsolated },
      outcomes: this.families.map(({ cases }) => cases.map(() => undefined)),
    };
    this.runs = [...this.runs, run];
    return new Promise((resolve) => {
      const end = (): void => {
        worker.terminate();
        this.#worker = null;
        this.requestUpdate();
        resolve();
      };
      worker.addEventListener("tabgrad-stop", end, { once: true });
      worker.onerror = ({ message }) => {
        this.error = `${LABELS[variant]}: ${message}`;
        end();
      };
      worker.onmessage = ({ data }: MessageEvent<FromProof>) => {
        if (data.type === "ready") run.engine = data.engine;
        else if (data.type === "done") (run.outcomes[data.family] as (Outcome | undefined)[])[data.index] = data.outcome;
        else if (data.type === "failed") this.error = `${LABELS[variant]}: ${data.message}`;
        this.#showSoon();
        if (data.type === "failed" || data.type === "finished") end();
      };
      const start: Start = {
        variant,
        threads: variant.startsWith("threads") ? this.#threads : 1,
        urls: engineUrls(defaultBase()),
        families: this.families,
      };
      worker.postMessage(start);
    });
  }

  /** Some hundred cases may be done between two frames: they are drawn together. */
  #showSoon(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.requestUpdate();
    });
  }

  #stop(): void {
    this.#stopped = true;
    this.#worker?.dispatchEvent(new Event("tabgrad-stop"));
  }

  #save(name: string, contents: string, type: string): void {
    const address = URL.createObjectURL(new Blob([contents], { type }));
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    link.click();
    URL.revokeObjectURL(address);
  }

  protected override render(): TemplateResult {
    this.setAttribute("theme", rememberedTheme() ?? this.#theme.name);
    const counts = this.runs.map((run) => total(this.#counts(run)));
    const all = total(counts);
    const cases = this.families.reduce((sum, family) => sum + family.cases.length, 0);
    const builds = this.chosen === "all" ? this.able.length : 1;
    const finished = this.running === null && all.done === cases * builds && cases > 0;
    return html`<main>
      <h1>Proof</h1>
      <p class="lead">
        Tabgrad's arithmetic, checked in this browser: every layer, loss, metric, optimizer, schedule, constraint and
        initializer beside what Keras computed from the same numbers, reports of predictions beside scikit-learn's, ONNX'
        published node tests, and every gradient beside differences of the loss. Only the native tests compare the names and
        defaults of arguments with Keras', and what dropout and noise draw with their distributions.
      </p>
      <div class="controls">
        <label>
          <span class="visually-hidden">Build of the engine</span>
          <span class="arrow">
            <select
              ?disabled=${this.running !== null}
              @change=${(event: Event) => {
                this.chosen = (event.target as HTMLSelectElement).value as Variant | "all";
              }}
            >
              <option value="all" ?selected=${this.chosen === "all"}>All builds that run here</option>
              ${this.able.map(
                (name) => html`<option value=${name} ?selected=${this.chosen === name}>${LABELS[name]}</option>`,
              )}
            </select>
          </span>
        </label>
        ${
          this.running === null
            ? html`<button type="button" class="primary" ?disabled=${cases === 0} @click=${() => void this.#run()}>
                Run again
              </button>`
            : html`<button type="button" @click=${() => this.#stop()}>Stop</button>`
        }
        <span class="grow"></span>
        <button
          type="button"
          ?disabled=${all.done === 0}
          @click=${() =>
            this.#save(
              "tabgrad-proof.json",
              JSON.stringify(exported(this.families, this.runs, navigator.userAgent), null, 1),
              "application/json",
            )}
        >
          Save as JSON
        </button>
        <button
          type="button"
          ?disabled=${all.done === 0}
          @click=${() => this.#save("tabgrad-proof.txt", text(this.families, this.runs, navigator.userAgent), "text/plain")}
        >
          Save as text
        </button>
      </div>
      <p class="verdict" role="status" data-finished=${finished ? "yes" : "no"} data-failed=${all.failed}>
        ${this.#verdict(all, finished)}
        <small>${integer(all.done)} of ${integer(cases * builds)} cases, ${compact(all.numbers)} numbers compared</small>
      </p>
      <progress max=${Math.max(1, cases * builds)} .value=${all.done} aria-label="Cases done"></progress>
      ${this.error ? html`<p class="red" role="alert">${this.error}</p>` : nothing} ${this.runs.map((run) => this.#table(run))}
    </main>`;
  }

  #verdict(all: Count, finished: boolean): TemplateResult {
    if (all.failed > 0) return html`<span class="red">✕ ${counted(all.failed, "case")} differ</span>`;
    if (finished) return html`<span class="green">✓ All green</span>`;
    return html`<span>${this.running === null ? "Not finished" : `Running: ${LABELS[this.running]}`}</span>`;
  }

  #counts(run: Run): Count[] {
    return this.families.map((family, f) => count(family, run.outcomes[f] ?? []));
  }

  #table(run: Run): TemplateResult {
    const counts = this.#counts(run);
    const { engine } = run;
    const threads = engine.threads > 1 ? `, ${engine.threads} threads` : "";
    return html`<section class="panel" aria-labelledby=${engine.variant}>
      <header><h2 id=${engine.variant}>${LABELS[engine.variant as Variant]}${threads}</h2></header>
      <table>
        <thead>
          <tr>
            <th scope="col">Family</th>
            <th scope="col">Cases</th>
            <th scope="col">Numbers</th>
            <th scope="col">Largest error, of what is allowed</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          ${this.families.map((family, f) => this.#row(family, counts[f] as Count, run.outcomes[f] ?? []))}
        </tbody>
      </table>
    </section>`;
  }

  #row(family: Family, it: Count, outcomes: readonly (Outcome | undefined)[]): TemplateResult {
    const waits = it.done < it.cases;
    const result = it.failed > 0 ? html`<span class="red">✕ ${it.failed} differ</span>` : html`<span class="green">✓ green</span>`;
    return html`<tr>
      <th scope="row">
        ${family.name}
        ${outcomes.map((outcome, index) =>
          outcome === undefined || isGreen(outcome)
            ? nothing
            : html`<p class="wrong red">
                <b>${caseName(family, index)}</b>: ${outcome.differences.slice(0, LINES).join("; ")}
              </p>`,
        )}
      </th>
      <td>${waits ? `${integer(it.done)} of ${integer(it.cases)}` : integer(it.cases)}</td>
      <td>${compact(it.numbers)}</td>
      <td>${it.numbers === 0 ? "–" : `${Math.round(100 * Math.min(it.worst, 99))} %`}</td>
      <td>${waits && it.failed === 0 ? html`<span class="muted">…</span>` : result}</td>
    </tr>`;
  }
}
