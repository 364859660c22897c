// Speed of every variant of the engine in Chromium, and how long training keeps the page from answering.
// One JSON object per line goes to the file TABGRAD_BENCH_REPORT.
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";

/** Every figure is the median of so many runs, taken in turns so that a busy moment of the machine meets all alike. */
const RUNS = 5;
const GEMM_BUDGET_MS = 150;
/** Of a millisecond each; the first ones meet code that the browser has not optimised yet. */
const PEAK_RUNS = 200;
/** Dense networks (inputs first, classes last), their batch, and how many steps of them are timed. */
const NETWORKS: [widths: number[], batch: number, steps: number][] = [
  [[784, 128, 64, 10], 64, 200],
  [[2, 8, 8, 2], 32, 5000],
];
const PRODUCTS: [form: string, m: number, n: number, k: number][] = [
  ["nn", 64, 128, 784],
  ["nt", 64, 784, 128],
  ["tn", 784, 128, 64],
  ["nn", 64, 64, 128],
  ["nn", 256, 256, 256],
  ["nn", 512, 512, 512],
  ["nt", 512, 512, 512],
  ["tn", 512, 512, 512],
  ["nn", 1024, 1024, 1024],
];
const VARIANTS = ["single-simd", "single-relaxed", "threads-simd", "threads-relaxed"];
const WATCHED_MS = 10_000;

interface Row {
  workload: string;
  engine: "tabgrad" | "matrixmultiply" | "none";
  where: "chromium";
  variant: string;
  threads: number;
  ms: number;
  gflops?: number;
}

function report(row: Row): void {
  const file = process.env["TABGRAD_BENCH_REPORT"];
  if (!file) throw new Error("TABGRAD_BENCH_REPORT is not set: run `cargo xtask bench`");
  appendFileSync(file, `${JSON.stringify(row)}\n`);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** A worker with one variant, and its pool where it has several threads. */
interface Engine {
  variant: string;
  threads: number;
}

/** The module with matrixmultiply and the loops that measure a core's peak. */
const PEER = "peer";

/** A worker's program: a variant's glue and what to call of it, by message. */
const WORKER = `
let engine;
onmessage = async ({ data, ports }) => {
  try {
    if (data.glue) {
      engine = await import(data.glue);
      await engine.default({ module_or_path: data.wasm });
      if (data.threads > 1) await engine.initThreadPool(data.threads);
      ports[0].postMessage({ value: 0 });
    } else {
      ports[0].postMessage({ value: engine[data.name](...data.values) });
    }
  } catch (error) {
    ports[0].postMessage({ error: String(error) });
  }
};`;

/** Starts one worker per engine in an empty page of our own server, which is isolated. */
async function startEngines(page: Page, base: string, engines: Engine[]): Promise<void> {
  await page.route("**/empty.html", async (route) => {
    await route.fulfill({
      contentType: "text/html",
      headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
      body: "<!doctype html><title>empty</title>",
    });
  });
  const folder = process.env["TABGRAD_BENCH_PEER"];
  if (!folder) throw new Error("TABGRAD_BENCH_PEER is not set: run `cargo xtask bench`");
  // The peers are no files of the server: the page makes addresses for them.
  const peer = {
    name: PEER,
    glue: readFileSync(join(folder, "peer.js"), "utf8"),
    wasm: readFileSync(join(folder, "peer_bg.wasm")).toString("base64"),
  };
  await page.goto("empty.html");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.evaluate(
    async ({ base, engines, program, peer }) => {
      const workers = engines.map(
        () => new Worker(URL.createObjectURL(new Blob([program], { type: "text/javascript" })), { type: "module" }),
      );
      const ask = (index: number, message: unknown) =>
        new Promise<number>((resolve, reject) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }: MessageEvent<{ value: number; error?: string }>) => {
            if (data.error) reject(new Error(data.error));
            else resolve(data.value);
          };
          workers[index]?.postMessage(message, [port2]);
        });
      const address = (part: BlobPart, type: string) => URL.createObjectURL(new Blob([part], { type }));
      const wasm = Uint8Array.from(atob(peer.wasm), (letter) => letter.charCodeAt(0));
      const peers = [address(peer.glue, "text/javascript"), address(wasm, "application/wasm")];
      for (const [index, { variant, threads }] of engines.entries()) {
        const folder = `${base}engine/${variant}/`;
        const [glue, wasm] = variant === peer.name ? peers : [`${folder}tabgrad.js`, `${folder}tabgrad_bg.wasm`];
        await ask(index, { glue, wasm, threads });
      }
      Object.assign(globalThis, { ask });
    },
    { base, engines, program: WORKER, peer },
  );
}

function call(page: Page, index: number, name: string, values: unknown[]): Promise<number> {
  return page.evaluate(
    ({ index, name, values }) =>
      (globalThis as unknown as { ask(index: number, message: unknown): Promise<number> }).ask(index, { name, values }),
    { index, name, values },
  );
}

test("products and training steps", async ({ browser, baseURL }) => {
  if (!baseURL) throw new Error("no address to measure");
  // The workers here are our own, not the page's: the page's policy would refuse them.
  const context = await browser.newContext({ baseURL, bypassCSP: true });
  const page = await context.newPage();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const engines: Engine[] = [...VARIANTS, PEER].map((variant) => ({ variant, threads: 1 }));
  const alone = engines.length;
  if (cores > 1) {
    for (const variant of VARIANTS.filter((name) => name.startsWith("threads"))) engines.push({ variant, threads: cores });
  }
  await startEngines(page, baseURL, engines);
  for (const [variant, fused] of [
    ["multiply-add", false],
    ["fused", true],
  ] as const) {
    let gflops = 0;
    for (let run = 0; run < PEAK_RUNS; run++) gflops = Math.max(gflops, await call(page, alone - 1, "peak", [fused]));
    report({ workload: "peak of one core", engine: "none", where: "chromium", variant, threads: 1, ms: 0, gflops });
  }
  // The browser optimises what has run for a while, on another thread.
  for (const [index, { variant }] of engines.slice(0, alone).entries())
    for (const form of ["nn", "nt", "tn"])
      await call(page, index, variant === PEER ? "peer_gemm" : "bench_gemm", [form, 64, 64, 64, 2 * GEMM_BUDGET_MS]);
  for (const [form, m, n, k] of PRODUCTS) {
    const figures = engines.slice(0, alone).map((): number[] => []);
    for (let run = 0; run < RUNS; run++)
      for (const [index, values] of figures.entries()) {
        const name = engines[index]?.variant === PEER ? "peer_gemm" : "bench_gemm";
        values.push(await call(page, index, name, [form, m, n, k, GEMM_BUDGET_MS]));
      }
    for (const [index, values] of figures.entries()) {
      const gflops = median(values);
      const { variant, threads } = engines[index] as Engine;
      const workload = `gemm ${form} ${m}x${n}x${k}`;
      const ms = (2 * m * n * k) / (gflops * 1e6);
      const who = variant === PEER ? { engine: "matrixmultiply" as const, variant: "simd128" } : { engine: "tabgrad" as const, variant };
      report({ workload, ...who, where: "chromium", threads, ms, gflops });
    }
  }
  for (const [widths, batch, steps] of NETWORKS) {
    const figures = engines.map((): number[] => []);
    for (let run = 0; run < RUNS; run++)
      for (const [index, values] of figures.entries())
        if (engines[index]?.variant !== PEER) values.push(await call(page, index, "bench_step", [widths, batch, steps]));
    for (const [index, values] of figures.entries()) {
      const { variant, threads } = engines[index] as Engine;
      if (variant === PEER) continue;
      const workload = `step ${widths.join("-")} batch ${batch} adam`;
      report({ workload, engine: "tabgrad", where: "chromium", variant, threads, ms: median(values) });
    }
  }
  await context.close();
});

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  args?: { name?: string };
}

test("the longest task of the page while it trains", async ({ browser, page }) => {
  await page.goto("./");
  const train = page.getByRole("button", { name: "Train", exact: true });
  await expect(train).toBeEnabled({ timeout: 60_000 });
  await page.evaluate(() => {
    const seen: number[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.push(entry.duration);
    }).observe({ type: "longtask" });
    Object.assign(globalThis, { seen });
  });
  // The browser's own record of every task has the ones under 50 ms too, which the observer does not tell.
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline"] });
  await train.click();
  await page.waitForTimeout(WATCHED_MS);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const observed = await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen);
  await expect(page.getByRole("button", { name: "Pause", exact: true }), "it still trains").toBeVisible();
  const longest = longestTask(trace.traceEvents, ["RunTask", "ThreadControllerImpl::RunTask"]);
  report({
    workload: "longest main-thread task while training",
    engine: "tabgrad",
    where: "chromium",
    variant: observed.length > 0 ? `${observed.length} of 50 ms or more` : "none of 50 ms or more",
    threads: 1,
    ms: Math.max(longest, ...observed),
  });
});

/** In milliseconds, over the main threads of all pages of the record. */
function longestTask(events: TraceEvent[], names: string[]): number {
  const main = new Set(
    events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain").map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = events.filter(({ name, ph, pid, tid }) => ph === "X" && names.includes(name) && main.has(`${pid}/${tid}`));
  expect(tasks.length, "the record has tasks of the page").toBeGreaterThan(100);
  return Math.max(...tasks.map(({ dur }) => (dur ?? 0) / 1000));
}
