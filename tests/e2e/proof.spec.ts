// proof.html: all green in every build of the engine, red where a number is wrong, and kept as a file.

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, plainUrl, test } from "./test";

const BUILDS = {
  "single-simd": "One thread, plain SIMD",
  "single-relaxed": "One thread, relaxed SIMD",
  "threads-simd": "Threads, plain SIMD",
  "threads-relaxed": "Threads, relaxed SIMD",
};

/** What the native tests compare, and the page has to. */
const FAMILIES = [
  ...["layers", "blocks", "graphs", "losses", "metrics", "optimizers", "rates", "trajectories", "constraints"],
  ...["initial", "initializers", "models", "reports", "ONNX node tests", "gradients of layers"],
];

const verdict = (page: Page) => page.locator("tabgrad-proof .verdict");

/** Opens the page on one build and waits until everything was checked. */
async function prove(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(verdict(page)).toHaveAttribute("data-finished", "yes", { timeout: 80_000 });
}

for (const [variant, label] of Object.entries(BUILDS)) {
  test(`everything is green: ${label}`, async ({ page }) => {
    await prove(page, `proof.html#${variant}`);
    await expect(page.getByRole("heading", { name: new RegExp(`^${label}`) })).toBeVisible();
    // What differs is in the text, should it ever fail.
    expect(await page.locator("tabgrad-proof .wrong").allInnerTexts()).toEqual([]);
    await expect(verdict(page)).toContainText("All green");
    const [, done, of] = /(\d+) of (\d+) cases/.exec((await verdict(page).innerText()).replaceAll(",", "")) ?? [];
    expect(Number(done)).toBeGreaterThan(1000);
    expect(done).toBe(of);
    const rows = page.locator("tabgrad-proof tbody tr");
    for (const family of FAMILIES) {
      await expect(rows.filter({ has: page.getByRole("rowheader", { name: family, exact: true }) })).toContainText("green");
    }
  });
}

test("a wrong number is red, named, and in the file that is saved", async ({ page }) => {
  await page.route("**/proof/losses.json", async (route) => {
    const cases = (await (await route.fetch()).json()) as { name: string; output: number[] }[];
    const first = cases[0];
    if (first) first.output[1] = (first.output[1] ?? 0) + 0.01;
    await route.fulfill({ json: cases });
  });
  await prove(page, "proof.html#single-simd");
  await expect(verdict(page)).toContainText("1 case differ");
  await expect(page.getByRole("row", { name: /^losses/ })).toContainText(/output\[1\]: expected .* found/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as text" }).click();
  const file = readFileSync((await (await download).path()) ?? "", "utf8");
  expect(file).toMatch(/single-simd.*\n/);
  expect(file).toContain("output[1]");
});

test("a report that says something else is red too, and in the exported JSON", async ({ page }) => {
  await page.route("**/proof/reports.json", async (route) => {
    const cases = (await (await route.fetch()).json()) as { auc: number[] }[];
    for (const it of cases.slice(0, 2)) it.auc[0] = (it.auc[0] ?? 0) - 0.01;
    await route.fulfill({ json: cases });
  });
  await prove(page, "proof.html#single-simd");
  await expect(verdict(page)).toContainText("2 cases differ");
  await expect(page.getByRole("row", { name: /^reports/ })).toContainText(/auc\[0\]: expected/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as JSON" }).click();
  interface Exported {
    runs: { families: { name: string; cases: { name: string; numbers: number; differences: string[] }[] }[] }[];
  }
  const file = JSON.parse(readFileSync((await (await download).path()) ?? "", "utf8")) as Exported;
  const reports = file.runs[0]?.families.find(({ name }) => name === "reports")?.cases ?? [];
  expect(reports.length).toBeGreaterThanOrEqual(5);
  expect(reports.map(({ differences }) => differences.length > 0)).toEqual(reports.map((_, index) => index < 2));
  expect(Math.min(...reports.map(({ numbers }) => numbers))).toBeGreaterThan(20);
});

test("without isolation only builds of one thread are on offer", async ({ page }) => {
  await page.goto(`${plainUrl}proof.html#single-simd`);
  await expect(page.getByRole("option", { name: BUILDS["single-relaxed"] })).toBeAttached();
  await expect(page.getByRole("option", { name: BUILDS["threads-simd"] })).toHaveCount(0);
});
