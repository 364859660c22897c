// Peers of the engine in the same Chromium, on the workloads that each of them can do: `cargo xtask bench --peers`.
// One JSON object per line goes to the file TABGRAD_BENCH_REPORT.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { type Page, test } from "@playwright/test";
import { firstStepName, isWanted, median, type Product, productFlops, productName } from "./bench-engines";
import { report, RUNS, spread, type Workload, workloadsOfFile } from "./bench-engines";

const FOLDER = join(import.meta.dirname, "../bench/peers");
/** Those that are built, at the address `built/`. */
const BUILT = process.env["TABGRAD_BENCH_BUILT"] ?? "";
const BUDGET_MS = 300;
/** What takes longer is measured once. */
const SLOW_MS = 2_000;
/** A peer that does not answer for so long does not do this workload. */
const PATIENCE_MS = 120_000;

const PEERS = [
  { script: "tensorflow", name: "TensorFlow.js", backend: "wasm", threaded: true },
  { script: "tensorflow", name: "TensorFlow.js", backend: "cpu", threaded: false },
  { script: "jax", name: "jax-js", backend: "wasm", threaded: false },
  { script: "candle", name: "candle", backend: "wasm", threaded: false },
  { script: "burn", name: "burn", backend: "wasm", threaded: false },
  { script: "onnx", name: "onnxruntime-web", backend: "wasm", threaded: true },
  { script: "brain", name: "brain.js", backend: "cpu", threaded: false },
  { script: "convnet", name: "ConvNetJS", backend: "cpu", threaded: false },
] as const;
/** These compile nothing, and are asked for all rows at once. */
const PLAIN: string[] = ["brain", "convnet"];
const PRODUCTS: Product[] = [
  ["nn", 256, 256, 256],
  ["nn", 512, 512, 512],
  ["nn", 1024, 1024, 1024],
];

/** A workload of the file, or a product of matrices, which has nothing else. */
type Task = Workload | { name: string; product: Product };

test("peers", async ({ browser }) => {
  test.skip(!process.env["TABGRAD_BENCH_PEERS"], "not asked for");
  const server = await serve();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}empty.html`);
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const tasks: Task[] = PRODUCTS.map((product) => ({ name: productName(product), product }));
  tasks.push(...workloadsOfFile().filter(({ name }) => !name.startsWith("layer")));
  const wanted = tasks.filter((task) => isWanted(task.name) || ("layers" in task && isWanted(firstStepName(task))));
  for (const peer of PEERS)
    for (const threads of peer.threaded && cores > 1 ? [1, cores] : [1]) {
      // jax-js takes all cores by itself.
      const told = peer.script === "jax" ? cores : threads;
      for (const task of wanted) await measure(page, peer, threads, told, task);
    }
  await context.close();
  server.close();
});

async function measure(page: Page, peer: (typeof PEERS)[number], threads: number, told: number, task: Task): Promise<void> {
  const { script, backend } = peer;
  // A worker of its own each time: what one workload leaves behind must not slow the next one down.
  await page.evaluate((script) => {
    const worker = new Worker(`worker.js?peer=${script}`);
    const ask = (message: unknown, patienceMs: number) =>
      new Promise((resolve, reject) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }: MessageEvent<{ value: unknown; error?: string }>) => {
          if (data.error) reject(new Error(data.error));
          else resolve(data.value);
        };
        worker.onerror = ({ message }) => {
          reject(new Error(message));
        };
        setTimeout(() => {
          reject(new Error("takes too long"));
        }, patienceMs);
        worker.postMessage(message, [port2]);
      });
    Object.assign(globalThis, { worker, ask });
  }, script);
  const ask = (message: unknown) =>
    page.evaluate(
      ([message, patience]) =>
        (globalThis as unknown as { ask(message: unknown, patienceMs: number): Promise<number> }).ask(message, patience as number),
      [message, PATIENCE_MS] as const,
    );
  try {
    const version = await ask({ start: { threads, backend } });
    const made = await ask({ workload: task });
    const first = made + (await ask({ budgetMs: 0 }));
    const row = { engine: peer.name, where: "chromium", variant: `${version} ${backend}`, threads: told } as const;
    if ("layers" in task && !task.predict && !PLAIN.includes(script) && isWanted(firstStepName(task)))
      report({ workload: firstStepName(task), what: task.what, ...row, ms: first });
    if (!isWanted(task.name)) return;
    // Without what was compiled at first.
    const second = await ask({ budgetMs: 0 });
    const figures = second < SLOW_MS ? [] : [second];
    if (second < SLOW_MS) {
      await ask({ budgetMs: BUDGET_MS });
      for (let run = 0; run < RUNS; run++) figures.push(await ask({ budgetMs: BUDGET_MS }));
    }
    const ms = median(figures);
    const figure = { ms, spread: spread(figures) };
    if ("product" in task) {
      report({ workload: task.name, ...row, ...figure, gflops: productFlops(task.product) / (ms * 1e6) });
      return;
    }
    const rows = task.predict ?? task.training.batch_size;
    report({ workload: task.name, what: task.what, ...row, ...figure, rows_per_s: (rows * 1e3) / ms });
  } catch (error) {
    const why = String(error instanceof Error ? error.message : error).split("\n")[0];
    // Products are a side of it: only libraries that make them are asked.
    if ("layers" in task) console.warn(`${peer.name} ${backend}: ${task.name} left out: ${why}`);
  } finally {
    await page.evaluate(() => {
      (globalThis as unknown as { worker: Worker }).worker.terminate();
    });
  }
}

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** The folder of the peers, isolated, on a port of its own. */
async function serve(): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Content-Type", TYPES[extname(path)] ?? "application/octet-stream");
    try {
      const file = path.startsWith("/built/") ? join(BUILT, path.slice("/built".length)) : join(FOLDER, path);
      response.end(path === "/empty.html" ? "<!doctype html><title>empty</title>" : readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
