// For everyone: the whole journey by keyboard, and what axe finds in both themes, wide and narrow.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, Page } from "@playwright/test";
import { expect, test } from "./test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResults {
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary: string }[] }[];
}

async function violations(where: Page | Frame): Promise<string[]> {
  await where.evaluate(axe);
  const results = await where.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(root: Document, options: object): Promise<AxeResults> } };
    return axe.run(document, { iframes: false, resultTypes: ["violations"] });
  });
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${JSON.stringify(node.target)} ${node.failureSummary.replace(/\s+/g, " ")}`),
  );
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 1440]) {
    test(`axe finds nothing: ${colorScheme}, ${width} pixels wide`, async ({ lab, page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await lab.open();
      expect(await violations(page), "as it opens").toEqual([]);
      await lab.trainFor(5);
      expect(await violations(page), "after training").toEqual([]);
      await lab.root.getByRole("button", { name: "More", exact: true }).click();
      await lab.root.getByRole("button", { name: "First rows" }).click();
      expect(await violations(page), "with everything open").toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, "nothing sticks out sideways").toBeLessThanOrEqual(0);
    });

    test(`axe finds nothing in menus, lists and the report: ${colorScheme}, ${width} pixels wide`, async ({ lab, page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await lab.open();
      const sticksOut = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await lab.root.getByRole("button", { name: "More", exact: true }).click();
      const callbacks = lab.root.getByRole("combobox", { name: "Add a callback" });
      for (const label of ["Early stopping", "Model checkpoint", "Reduce on plateau", "CSV log", "Time limit"]) {
        await callbacks.selectOption({ label });
      }
      const schedule = lab.root.getByRole("combobox", { name: "Learning rate schedule" });
      await lab.root.getByRole("button", { name: "Take Reduce on plateau away" }).click();
      await schedule.selectOption({ label: "Cosine decay" });
      await expect(lab.root.getByRole("img", { name: /^Learning rate over the run/ })).toBeVisible();
      await lab.root.getByRole("button", { name: "Find a learning rate" }).click();
      await expect(lab.root.getByRole("img", { name: /^Loss by learning rate/ })).toBeVisible();
      await lab.trainFor(2);
      await expect(lab.root.getByRole("group", { name: "Kept by callbacks" })).toBeVisible();
      expect(await violations(page), "callbacks, rates, class weights").toEqual([]);
      expect(await sticksOut(), "callbacks, rates, class weights").toBeLessThanOrEqual(0);
      await lab.root.getByRole("button", { name: "More", exact: true }).click();

      await lab.root.getByRole("button", { name: "More about this layer" }).click();
      await lab.root.getByRole("button", { name: "Layer", exact: true }).click();
      await expect(lab.root.getByRole("combobox", { name: "Search layers" })).toBeVisible();
      expect(await violations(page), "the layer menu").toEqual([]);
      expect(await sticksOut(), "the layer menu").toBeLessThanOrEqual(0);
      await page.keyboard.press("Escape");

      await lab.root.getByRole("button", { name: "Report", exact: true }).click();
      await expect(lab.root.getByRole("img", { name: /^Calibration/ })).toBeVisible();
      expect(await violations(page), "the report").toEqual([]);
      expect(await sticksOut(), "the report").toBeLessThanOrEqual(0);
    });
  }
}

for (const path of ["embed.html", "gallery.html", "proof.html"]) {
  test(`axe finds nothing on ${path}`, async ({ page }) => {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    for (const frame of page.frames()) expect(await violations(frame), frame.url()).toEqual([]);
  });
}

test("the whole journey by keyboard: choose data, train, pause, step, reset, change a rate, predict", async ({ lab, page }) => {
  await lab.open();
  const { keyboard } = page;
  /** Tab until what has the focus is called so; a person gives up after a while. */
  const tabTo = async (name: RegExp) => {
    for (let i = 0; i < 120; i++) {
      await keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element ? (element.getAttribute("aria-label") ?? element.textContent ?? "").trim() : "";
      });
      if (name.test(focused)) return;
    }
    throw new Error(`Tab does not lead to ${name}`);
  };

  await tabTo(/^Iris$/);
  await keyboard.press("Enter");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect.poll(async () => ((await lab.lastHeard("table"))?.["report"] as { name: string } | undefined)?.name).not.toBe("iris");
  await lab.ready();

  await tabTo(/^Train$/);
  await keyboard.press("Enter");
  await expect(lab.pauseButton).toBeVisible();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(2);
  await keyboard.press("Enter");
  await expect(lab.trainButton).toBeVisible();
  const epoch = await lab.epoch();
  await keyboard.press(".");
  await expect.poll(() => lab.epoch()).toBe(Math.floor(epoch) + 1);
  await keyboard.press("r");
  await expect.poll(() => lab.epoch()).toBe(0);

  await tabTo(/^Learning rate$/);
  const rate = lab.field("Learning rate");
  const before = await rate.inputValue();
  await keyboard.press("ArrowUp");
  await expect(rate).not.toHaveValue(before);
  await expect(rate).toBeFocused();
});

test("what has the focus can be seen", async ({ lab, page }) => {
  await lab.open();
  const invisible: string[] = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      let element = document.activeElement;
      let ring = false;
      const look = (it: Element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(it);
        if (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1) ring = true;
      };
      while (element) {
        // The ring may be on the box around a field.
        for (let it: Element | null = element, up = 0; it && up < 3; it = it.parentElement, up++) look(it);
        if (!element.shadowRoot?.activeElement) break;
        element = element.shadowRoot.activeElement;
      }
      return { ring, name: element ? `${element.localName} ${element.getAttribute("aria-label") ?? element.textContent?.trim() ?? ""}` : "nothing" };
    });
    if (!seen.ring && !seen.name.startsWith("body")) invisible.push(seen.name);
  }
  expect(invisible).toEqual([]);
});
