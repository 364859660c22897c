// Speed of every variant of the engine in Chromium: products, and the training steps and predictions of
// tests/bench/workloads.json. One JSON object per line goes to the file TABGRAD_BENCH_REPORT.
import { type Page, test } from "@playwright/test";
import { ask, call, type Engine, isWanted, median, PEER, type Product, predictionFlops, productFlops, productName } from "./bench-engines";
import { report, RUNS, spread, startEngines, VARIANTS, workloadsOfFile } from "./bench-engines";

const GEMM_BUDGET_MS = 150;
/** Products are short, and the busy moments of a machine that is shared last about as long as five of them. */
const PRODUCT_RUNS = 3 * RUNS;
/** Of a millisecond each; the first ones meet code that the browser has not optimised yet. */
const PEAK_RUNS = 200;
const PRODUCTS: Product[] = [
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
const MEMORY_BUDGET_MS = 100;
/** Adam of W2, of W3 and of more than caches hold, SGD of as many weights as W3 has; over how many arrays each of them goes. */
const UPDATES: [kind: string, weights: number, arrays: number][] = [
  ["adam", 109_386, 4],
  ["adam", 669_706, 4],
  ["adam", 2 ** 23, 4],
  ["sgd", 669_706, 2],
];
/** Size of a triad beside those of the updates: in the nearest cache. */
const TRIADS = [16 * 1024];

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
  // A worker for each further core, to see what all of them do at once.
  const others = Array.from({ length: cores - 1 }, (): Engine => ({ variant: PEER, threads: 1 }));
  await startEngines(page, baseURL, [...engines, ...others]);
  await peaks(page, alone - 1);
  await coresAtOnce(page, [alone - 1, ...others.map((_, index) => engines.length + index)]);
  await memory(page, alone - 1);
  await products(page, engines);
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

/** What threads can gain at most: the same loop on one core and on all of them, in turns. */
async function coresAtOnce(page: Page, peers: number[]): Promise<void> {
  const workload = "cores at once";
  if (!isWanted(workload)) return;
  const one = peers.slice(0, 1);
  const figures = new Map([one, peers].map((some) => [some, [] as number[]]));
  for (let run = 0; run < RUNS; run++)
    for (const [some, found] of figures) {
      const each = await Promise.all(some.map((peer) => call(page, peer, "sustained", [MEMORY_BUDGET_MS])));
      found.push(each.reduce((sum, gflops) => sum + gflops, 0));
    }
  for (const [some, found] of figures) {
    const figure = { ms: MEMORY_BUDGET_MS, spread: spread(found), gflops: median(found) };
    report({ workload, engine: "none", where: "chromium", variant: "fused", threads: some.length, ...figure });
  }
}

/** The optimizer's pass over flat memory, and beside it `a = b + s * c` over as much memory. */
async function memory(page: Page, peer: number): Promise<void> {
  const row = { where: "chromium", threads: 1 } as const;
  const triad = async (bytes: number, update: () => Promise<void>): Promise<number> => {
    const len = Math.round(bytes / 12);
    const times: number[] = [];
    // The first one meets code that is still being optimised.
    for (let run = -1; run < RUNS; run++) {
      times.push(await call(page, peer, "triad", [len, MEMORY_BUDGET_MS]));
      await update();
    }
    times.shift();
    const ms = median(times);
    const gb_per_s = (12 * len) / (ms * 1e6);
    report({ workload: triadName(bytes), ...row, engine: "none", variant: "simd128", ms, spread: spread(times), gb_per_s });
    return gb_per_s;
  };
  if (isWanted("triad")) for (const bytes of TRIADS) await triad(bytes, async () => {});
  for (const [kind, weights, arrays] of UPDATES) {
    const workload = `update ${kind} ${weights}`;
    if (!isWanted(workload)) continue;
    const times: number[] = [];
    const most = await triad(4 * arrays * weights, async () => {
      times.push(await call(page, peer, "update", [kind, weights, MEMORY_BUDGET_MS]));
    });
    times.shift();
    const ms = median(times);
    const gb_per_s = ((await call(page, peer, "update_bytes", [kind])) * weights) / (ms * 1e6);
    const figure = { ms, spread: spread(times), gb_per_s, percent_of_triad: (100 * gb_per_s) / most };
    report({ workload, ...row, engine: "tabgrad", variant: "relaxed-simd", ...figure });
  }
}

function triadName(bytes: number): string {
  return `triad of ${bytes < 1e5 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`}`;
}

async function products(page: Page, engines: Engine[]): Promise<void> {
  const wanted = PRODUCTS.map((sizes) => ({ sizes, name: productName(sizes) })).filter(({ name }) => isWanted(name));
  if (wanted.length === 0) return;
  const measure = ({ variant }: Engine) => (variant === PEER ? "peer_gemm" : "bench_gemm");
  // The browser optimises what has run for a while, on another thread.
  for (const [index, engine] of engines.entries())
    for (const form of ["nn", "nt", "tn"]) await call(page, index, measure(engine), [form, 64, 64, 64, 2 * GEMM_BUDGET_MS, engine.threads]);
  for (const { sizes, name } of wanted) {
    const flops = productFlops(sizes);
    const figures = engines.map((): number[] => []);
    for (let run = 0; run < PRODUCT_RUNS; run++)
      for (const [index, engine] of engines.entries()) {
        const gflops = await call(page, index, measure(engine), [...sizes, GEMM_BUDGET_MS, engine.threads]);
        figures[index]?.push(flops / (gflops * 1e6));
      }
    for (const [index, { variant, threads }] of engines.entries()) {
      const times = figures[index] ?? [];
      const ms = median(times);
      const who = variant === PEER ? { engine: "matrixmultiply", variant: "simd128" } : { engine: "tabgrad", variant };
      const gflops = flops / (ms * 1e6);
      report({ workload: name, ...who, where: "chromium", threads, ms, spread: spread(times), gflops });
    }
  }
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
      const operations = workload.predict ? predictionFlops(workload) : (flops.get(index) ?? NaN);
      const { name, what } = workload;
      const figure = { ms, spread: spread(times), gflops: operations / (ms * 1e6), rows_per_s: (rows * 1e3) / ms };
      report({ workload: name, what, engine: "tabgrad", where: "chromium", variant, threads, ...figure });
    }
  }
}
