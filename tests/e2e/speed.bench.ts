// Speed of every variant of the engine in Chromium: products, and the training steps and predictions of
// tests/bench/workloads.json. One JSON object per line goes to the file TABGRAD_BENCH_REPORT.
import { type Page, test } from "@playwright/test";
import { ask, call, type Engine, isWanted, median, PEER, report, RUNS, spread, startEngines, workloadsOfFile } from "./bench-engines";

const GEMM_BUDGET_MS = 150;
/** Of a millisecond each; the first ones meet code that the browser has not optimised yet. */
const PEAK_RUNS = 200;
const PRODUCTS: [form: string, m: number, n: number, k: number][] = [
  ["nn", 64, 128, 784],
  ["nt", 64, 784, 128],
  ["tn", 784, 128, 64],
  ["nn", 64, 64, 128],
  ["nn", 128, 512, 784],
  ["nt", 128, 784, 512],
  ["tn", 784, 512, 128],
  ["nn", 1024, 256, 64],
  ["nt", 1024, 64, 256],
  ["tn", 64, 256, 1024],
  ["nn", 256, 256, 256],
  ["nn", 512, 512, 512],
  ["nt", 512, 512, 512],
  ["tn", 512, 512, 512],
  ["nn", 1024, 1024, 1024],
];
const VARIANTS = (process.env["TABGRAD_BENCH_VARIANTS"] ?? "single-simd,single-relaxed,threads-simd,threads-relaxed").split(",");

test("products and workloads", async ({ browser, baseURL }) => {
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
  await peaks(page, alone - 1);
  await products(page, engines.slice(0, alone));
  await workloads(page, engines);
  await context.close();
});

async function peaks(page: Page, peer: number): Promise<void> {
  for (const [variant, fused] of [
    ["multiply-add", false],
    ["fused", true],
  ] as const) {
    let gflops = 0;
    for (let run = 0; run < PEAK_RUNS; run++) gflops = Math.max(gflops, await call(page, peer, "peak", [fused]));
    report({ workload: "peak of one core", engine: "none", where: "chromium", variant, threads: 1, ms: 0, gflops });
  }
}

async function products(page: Page, engines: Engine[]): Promise<void> {
  const wanted = PRODUCTS.map((sizes) => ({ sizes, name: nameOf(sizes) })).filter(({ name }) => isWanted(name));
  if (wanted.length === 0) return;
  const measure = ({ variant }: Engine) => (variant === PEER ? "peer_gemm" : "bench_gemm");
  // The browser optimises what has run for a while, on another thread.
  for (const [index, engine] of engines.entries())
    for (const form of ["nn", "nt", "tn"]) await call(page, index, measure(engine), [form, 64, 64, 64, 2 * GEMM_BUDGET_MS]);
  for (const { sizes, name } of wanted) {
    const [, m, n, k] = sizes;
    const figures = engines.map((): number[] => []);
    for (let run = 0; run < RUNS; run++)
      for (const [index, engine] of engines.entries()) {
        const gflops = await call(page, index, measure(engine), [...sizes, GEMM_BUDGET_MS]);
        figures[index]?.push((2 * m * n * k) / (gflops * 1e6));
      }
    for (const [index, { variant, threads }] of engines.entries()) {
      const times = figures[index] ?? [];
      const ms = median(times);
      const who = variant === PEER ? { engine: "matrixmultiply", variant: "simd128" } : { engine: "tabgrad", variant };
      const gflops = (2 * m * n * k) / (ms * 1e6);
      report({ workload: name, ...who, where: "chromium", threads, ms, spread: spread(times), gflops });
    }
  }
}

function nameOf([form, m, n, k]: (typeof PRODUCTS)[number]): string {
  return `gemm ${form} ${m}x${n}x${k}`;
}

async function workloads(page: Page, engines: Engine[]): Promise<void> {
  const ours = [...engines.entries()].filter(([, { variant }]) => variant !== PEER);
  for (const workload of workloadsOfFile().filter(({ name }) => isWanted(name))) {
    const flops = new Map<number, number>();
    for (const [index] of ours) flops.set(index, await ask(page, index, { workload }));
    // The first round meets code that is still being optimised.
    const figures = new Map(ours.map(([index]) => [index, [] as number[]]));
    for (let run = -1; run < RUNS; run++)
      for (const [index] of ours) {
        const ms = await ask(page, index, { name: "measure" });
        if (run >= 0) figures.get(index)?.push(ms);
      }
    for (const [index, { variant, threads }] of ours) {
      const times = figures.get(index) ?? [];
      const ms = median(times);
      const rows = workload.predict ?? workload.training.batch_size;
      const gflops = workload.predict ? {} : { gflops: (flops.get(index) ?? NaN) / (ms * 1e6) };
      const { name, what } = workload;
      const figure = { ms, spread: spread(times), ...gflops, rows_per_s: (rows * 1e3) / ms };
      report({ workload: name, what, engine: "tabgrad", where: "chromium", variant, threads, ...figure });
    }
  }
}
