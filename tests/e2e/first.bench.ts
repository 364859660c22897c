// How long a network's first step takes, from making the model on: what the browser compiles then, and what the engine plans.
// One JSON object per line goes to the file TABGRAD_BENCH_REPORT.
import { test } from "@playwright/test";
import { ask, firstStepName, isWanted, median, report, RUNS, spread, startEngines, VARIANTS, workloadsOfFile } from "./bench-engines";

test("first steps", async ({ browser, baseURL }) => {
  if (!baseURL) throw new Error("no address to measure");
  const variant = VARIANTS.at(-1);
  const workloads = workloadsOfFile().filter((it) => /^W/.test(it.name) && isWanted(firstStepName(it)));
  if (!variant) return;
  for (const workload of workloads) {
    const figures: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      // A context of its own: no code of an earlier run is left.
      const context = await browser.newContext({ baseURL, bypassCSP: true });
      const page = await context.newPage();
      const threads = variant.startsWith("threads") ? await page.evaluate(() => navigator.hardwareConcurrency) : 1;
      await startEngines(page, baseURL, [{ variant, threads }]);
      figures.push(await ask(page, 0, { first: workload }));
      await context.close();
      if (run < RUNS - 1) continue;
      const figure = { ms: median(figures), spread: spread(figures) };
      report({ workload: firstStepName(workload), what: workload.what, engine: "tabgrad", where: "chromium", variant, threads, ...figure });
    }
  }
});
