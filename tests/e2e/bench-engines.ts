// What the benchmarks in Chromium share: workers with one variant of the engine each, and the file of figures.
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

/** One figure; the medians and what follows from them. */
export interface Row {
  workload: string;
  /** In words. */
  what?: string;
  engine: string;
  where: "chromium";
  variant: string;
  threads: number;
  ms: number;
  /** How far the figures lie apart, as a part of the median. */
  spread?: number;
  gflops?: number;
  /** What is read and written, for what memory bounds. */
  gb_per_s?: number;
  percent_of_triad?: number;
  rows_per_s?: number;
}

/** Every figure is the median of so many runs, taken in turns so that a busy moment of the machine meets all alike. */
export const RUNS = 5;

export function report(row: Row): void {
  const file = process.env["TABGRAD_BENCH_REPORT"];
  if (!file) throw new Error("TABGRAD_BENCH_REPORT is not set: run `cargo xtask bench`");
  appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** Whether `--only` asks for it: all, or names that begin as one of a list. */
export function isWanted(workload: string): boolean {
  const only = (process.env["TABGRAD_BENCH_ONLY"] ?? "").split(",").filter(Boolean);
  return only.length === 0 || only.some((name) => workload.startsWith(name));
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

export function spread(values: number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/** What is trained or predicted. */
export interface Workload {
  name: string;
  /** In words. */
  what: string;
  input: number[];
  layers: Layer[];
  predict?: number;
  training: { batch_size: number };
}

interface Layer {
  type: string;
  units?: number;
  filters?: number;
  kernel_size?: number;
  pool_size?: number;
}

/** A product `(m, k) x (k, n)` in one of the forms of a training step. */
export type Product = [form: string, m: number, n: number, k: number];

export function productName([form, m, n, k]: Product): string {
  return `gemm ${form} ${m}x${n}x${k}`;
}

export function productFlops([, m, n, k]: Product): number {
  return 2 * m * n * k;
}

/** What a model's first step is called, from making the model on; the library is there before. */
export function firstStepName({ name }: Workload): string {
  return `first step of ${name}`;
}

/** Multiplications and additions of a prediction by a chain of dense, convolution ("same") and pooling layers. */
export function predictionFlops({ input, layers, predict = 1 }: Workload): number {
  let [height, width, channels] = input.length === 3 ? (input as [number, number, number]) : [1, 1, input[0] ?? 0];
  let flops = 0;
  for (const { type, units, filters, kernel_size, pool_size } of layers) {
    if (type === "max_pooling2d" && pool_size) [height, width] = [height / pool_size, width / pool_size];
    if (type === "flatten") [height, width, channels] = [1, 1, height * width * channels];
    const outputs = type === "dense" ? units : filters;
    if (outputs === undefined) continue;
    flops += 2 * height * width * channels * outputs * (kernel_size ?? 1) ** 2;
    channels = outputs;
  }
  return flops * predict;
}

export function workloadsOfFile(): Workload[] {
  return JSON.parse(readFileSync(new URL("../bench/workloads.json", import.meta.url), "utf8")) as Workload[];
}

/** A worker with one variant, and its pool where it has several threads. */
export interface Engine {
  variant: string;
  threads: number;
}

/** The module with matrixmultiply and the loops that measure a core's peak. */
export const PEER = "peer";

/** A worker's program: a variant's glue, and by message what to call of it or which workload to run. */
const WORKER = `${readFileSync(new URL("../bench/peers/noise.js", import.meta.url), "utf8")}
let engine, run;

// Compiles a workload's model; what it gives back are the operations of a step.
function prepare(workload) {
  run?.model.free();
  const { layers, training, input, target } = workload;
  const model = new engine.Model({ version: 1, layers }, training, input, target);
  run = { model, ...workload, ...noiseFor(workload) };
  measure(1);
  return model.summary().flops;
}

// Milliseconds from making a model to the end of its first step.
function firstStep(workload) {
  const { layers, training, input, target } = workload;
  const { x, y } = noiseFor(workload);
  const begin = performance.now();
  const model = new engine.Model({ version: 1, layers }, training, input, target);
  const { steps } = model.train(x, y, 1);
  const ms = performance.now() - begin;
  if (steps !== 1) throw new Error(workload.name + ": training diverged");
  model.free();
  return ms;
}

// Milliseconds of a step, or of a prediction.
function measure(epochs = run.epochs) {
  const begin = performance.now();
  if (run.predict) for (let i = 0; i < epochs * run.steps; i++) run.model.predict(run.x);
  else if (run.model.fit(run.x, run.y, epochs).length < epochs) throw new Error(run.name + ": training diverged");
  return (performance.now() - begin) / (epochs * run.steps);
}

onmessage = async ({ data, ports }) => {
  try {
    let value = 0;
    if (data.glue) {
      engine = await import(data.glue);
      await engine.default({ module_or_path: data.wasm });
      if (data.threads > 1) {
        await engine.initThreadPool(data.threads - 1);
        engine.threads_started();
      }
      // On the page the second half is there a moment after the first.
      if (data.rest) engine.join_rest(await WebAssembly.compileStreaming(fetch(data.rest)));
    } else if (data.first) {
      value = firstStep(data.first);
    } else if (data.workload) {
      value = prepare(data.workload);
    } else {
      value = data.name === "measure" ? measure() : engine[data.name](...data.values);
    }
    ports[0].postMessage({ value });
  } catch (error) {
    ports[0].postMessage({ error: String(error) });
  }
};`;

/** The variants to measure, those with all threads too where there are several cores. */
export const VARIANTS = (process.env["TABGRAD_BENCH_VARIANTS"] ?? "single-simd,single-relaxed,threads-simd,threads-relaxed").split(",");

/** Starts one worker per engine in an empty page of our own server, which is isolated. */
export async function startEngines(page: Page, base: string, engines: Engine[]): Promise<void> {
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
      const own = { glue: address(peer.glue, "text/javascript"), wasm: address(wasm, "application/wasm") };
      for (const [index, { variant, threads }] of engines.entries()) {
        const file = (name: string) => `${base}engine/${variant}/${name}`;
        const ours = { glue: file("tabgrad.js"), wasm: file("tabgrad_bg.wasm"), rest: file("tabgrad_rest.wasm") };
        await ask(index, { ...(variant === peer.name ? own : ours), threads });
      }
      Object.assign(globalThis, { ask });
    },
    { base, engines, program: WORKER, peer },
  );
}

/** Sends a worker a message and waits for its answer. */
export function ask(page: Page, index: number, message: unknown): Promise<number> {
  return page.evaluate(
    ({ index, message }) => (globalThis as unknown as { ask(index: number, message: unknown): Promise<number> }).ask(index, message),
    { index, message },
  );
}

/** Calls a function of a worker's module. */
export function call(page: Page, index: number, name: string, values: unknown[]): Promise<number> {
  return ask(page, index, { name, values });
}
