// How long training keeps the page from answering. One JSON object per line goes to the file TABGRAD_BENCH_REPORT.
import { expect, test } from "@playwright/test";
import { isWanted, report } from "./bench-engines";

const WORKLOAD = "longest main-thread task while training";
const WATCHED_MS = 10_000;

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
  test.skip(!isWanted(WORKLOAD), "not asked for");
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
    workload: WORKLOAD,
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
