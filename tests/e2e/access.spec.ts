// For everyone: every journey by keyboard alone, and what axe finds in both themes, wide and narrow.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, Page } from "@playwright/test";
import { expect, fixture, irisFile, test } from "./test";

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

test("nothing sticks out sideways or is cut off, however wide the page is", async ({ lab, page }) => {
  for (const preset of ["iris", "line", "digits", "repeats"]) {
    await page.setViewportSize({ width: 360, height: 900 });
    await page.goto("about:blank");
    await page.goto(`./#preset=${preset}`);
    // From the first moment on: what is not drawn yet has its room already.
    let widest = 0;
    const look = async () => {
      widest = Math.max(widest, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
    };
    await expect(async () => {
      await look();
      await expect(lab.trainButton).toBeEnabled({ timeout: 50 });
    }).toPass({ timeout: 30_000, intervals: [30] });
    await look();
    expect(widest, `${preset}, as it opens`).toBeLessThanOrEqual(0);
    for (const width of [360, 420, 520, 600, 680, 760, 840, 1000, 1200, 1439, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(async () => {
        widest = 0;
        await look();
        return widest;
      }, { message: `${preset}, ${width} pixels wide` }).toBeLessThanOrEqual(0);
      const bar = await lab.trainBar.evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(bar, `the training bar, ${width} pixels wide`).toBeLessThanOrEqual(0);
      const cut = await lab.root
        .getByRole("spinbutton")
        .evaluateAll((fields) => fields.filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.getAttribute("aria-label")));
      expect(cut, `numbers that cannot be read, ${width} pixels wide`).toEqual([]);
      const header = await lab.root.locator("tabgrad-header .bar").evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(header, `the header, ${width} pixels wide`).toBeLessThanOrEqual(0);
    }
  }
});

test("on a phone the header has one line of buttons, whatever the data are called", async ({ lab, page }) => {
  await page.setViewportSize({ width: 360, height: 900 });
  await lab.open();
  await lab.drop(fixture("semicolon_decimal_comma.csv"));
  const menu = lab.root.locator("tabgrad-data-menu").getByRole("button").first();
  await expect(menu).toHaveText(/semicolon/);
  const theme = lab.root.getByRole("button", { name: /^Use the/ });
  const middles = [await menu.boundingBox(), await theme.boundingBox()].map((box) => (box ? box.y + box.height / 2 : NaN));
  expect(Math.abs((middles[0] ?? NaN) - (middles[1] ?? NaN))).toBeLessThan(4);
  await expect(lab.badge).toBeInViewport({ ratio: 1 });
});

for (const path of ["embed.html", "gallery.html", "proof.html"]) {
  test(`axe finds nothing on ${path}`, async ({ page }) => {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    for (const frame of page.frames()) expect(await violations(frame), frame.url()).toEqual([]);
  });
}

/** Goes on with Tab until what has the focus is called so; a person gives up after a while. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const met: string[] = [];
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const label = (element as HTMLInputElement | null)?.labels?.[0]?.textContent;
      return (element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "").trim();
    });
    if (name.test(focused)) return;
    met.push(focused.slice(0, 30));
  }
  throw new Error(`Tab does not lead to ${name}, but to ${met.join(" | ")}`);
}

test("by keyboard: the keys of the page train, pause, step and reset from its first moment on", async ({ lab, page }) => {
  await lab.open();
  const { keyboard } = page;
  await keyboard.press("Space");
  await expect(lab.pauseButton).toBeVisible();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(2);
  await keyboard.press("Space");
  await expect(lab.trainButton).toBeVisible();
  const epoch = await lab.epoch();
  await keyboard.press(".");
  await expect.poll(() => lab.epoch()).toBe(Math.floor(epoch) + 1);
  await keyboard.press("r");
  await expect.poll(() => lab.epoch()).toBe(0);
  expect(await page.evaluate(() => scrollY), "space has not scrolled").toBe(0);

  // They can be turned off, and then do nothing.
  await tabTo(page, /^More$/);
  await keyboard.press("Enter");
  await tabTo(page, /^Keyboard shortcuts$/);
  await keyboard.press("Space");
  await keyboard.press(".");
  await page.waitForTimeout(300);
  expect(await lab.epoch()).toBe(0);
});

test("by keyboard: choose data, train, pause, step, reset, change a rate, predict", async ({ lab, page }) => {
  await lab.open();
  const { keyboard } = page;
  await tabTo(page, /^Iris$/);
  await keyboard.press("Enter");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect.poll(async () => ((await lab.lastHeard("table"))?.["report"] as { name: string } | undefined)?.name).not.toBe("iris");
  await lab.ready();
  await keyboard.press("Enter");
  await keyboard.press("ArrowUp");
  await keyboard.press("Enter");
  await expect.poll(async () => ((await lab.lastHeard("table"))?.["report"] as { name: string } | undefined)?.name).toBe("iris");
  await lab.ready();

  await tabTo(page, /^Train$/);
  await keyboard.press("Enter");
  await expect(lab.pauseButton).toBeVisible();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(20);
  await keyboard.press("Enter");
  await expect(lab.trainButton).toBeVisible();
  const epoch = await lab.epoch();
  await tabTo(page, /^Step$/);
  await keyboard.press("Enter");
  await expect.poll(() => lab.epoch()).toBe(Math.floor(epoch) + 1);

  const answer = lab.root.getByRole("group", { name: "Predict", exact: true }).getByRole("status");
  await tabTo(page, /^petal length$/);
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("1.3");
  await tabTo(page, /^petal width$/);
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("0.2");
  await expect(answer.locator(".best")).toContainText("setosa");

  await tabTo(page, /^Reset$/);
  await keyboard.press("Enter");
  await expect.poll(() => lab.epoch()).toBe(0);
  await tabTo(page, /^Learning rate$/);
  const rate = lab.field("Learning rate");
  const before = await rate.inputValue();
  await keyboard.press("ArrowUp");
  await expect(rate).not.toHaveValue(before);
  await expect(rate).toBeFocused();
});

test("by keyboard: open a table of one's own, choose what is predicted, split it", async ({ lab, page }) => {
  page.on("filechooser", () => {}); // From now on no dialog of the system's opens, which a key would be quicker to ask for.
  await lab.open();
  const { keyboard } = page;
  const report = async () => (await lab.lastHeard("table"))?.["report"] as { name: string; target: number; columns: unknown[] } | undefined;
  await tabTo(page, /^Open your own data/);
  const chooser = page.waitForEvent("filechooser");
  await keyboard.press("Enter");
  await (await chooser).setFiles(irisFile);
  await expect.poll(async () => (await report())?.name).toBe("iris.csv");
  await lab.ready();

  // Arrows go from column to column; another target is another network, so it is chosen for itself.
  await tabTo(page, /^Predict species$/);
  await keyboard.press("ArrowUp");
  const width = lab.root.getByRole("radio", { name: "Predict petal width" });
  await expect(width).toBeFocused();
  await keyboard.press("Space");
  await expect.poll(async () => (await report())?.target).toBe(3);
  await expect(width).toBeFocused();
  await keyboard.press("ArrowDown");
  await keyboard.press("Space");
  await expect.poll(async () => (await report())?.target).toBe(4);
  await lab.ready();

  const split = lab.root.getByRole("group", { name: "Split", exact: true });
  await tabTo(page, /^Change$/);
  await keyboard.press("Enter");
  await tabTo(page, /^Test, %$/);
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("40");
  await keyboard.press("Enter");
  await expect(split.locator(".test dd")).toHaveText("60");
  await lab.trainFor(3);
});

test("by keyboard: add a layer, size it, take it away, and penalise the weights", async ({ lab, page }) => {
  await lab.open();
  const { keyboard } = page;
  type Layer = { type: string; units?: number; kernel_regularizer?: unknown };
  const layers = () =>
    page.evaluate(
      () =>
        (document.querySelector("tabgrad-playground") as unknown as { lab: { state: { choices: { model: { layers: Layer[] } } } } }).lab
          .state.choices.model.layers,
    );
  const before = await layers();
  const configured = async () => (await lab.heard()).filter((event) => event.type === "configured").length;

  await tabTo(page, /^Layer$/);
  await keyboard.press("Enter");
  await expect(lab.root.getByRole("combobox", { name: "Search layers" })).toBeFocused();
  await keyboard.type("dense");
  await keyboard.press("Enter");
  await expect.poll(async () => (await layers()).length).toBe(before.length + 1);
  await expect(lab.root.getByRole("button", { name: "Layer", exact: true })).toBeFocused();
  await tabTo(page, /^Units$/);
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("5");
  const known = await configured();
  await keyboard.press("Enter");
  await expect.poll(async () => (await layers()).map(({ units }) => units)).toContain(5);
  await expect.poll(configured).toBeGreaterThan(known);

  // From one layer to the next by arrows; Delete takes one away, and its neighbour has the focus.
  await tabTo(page, /^Dense 5$/);
  await keyboard.press("ArrowLeft");
  await expect(lab.root.getByRole("tab", { selected: true })).toBeFocused();
  await expect(lab.root.getByRole("tab", { selected: true })).not.toHaveText(/Dense 5/);
  await keyboard.press("ArrowRight");
  await keyboard.press("Delete");
  await expect.poll(layers).toEqual(before);
  await expect(lab.root.getByRole("tab", { selected: true })).toBeFocused();

  await tabTo(page, /^More$/);
  await keyboard.press("Enter");
  for (const [name, size] of [["L1", "0.001"], ["L2", "0.01"]] as const) {
    await tabTo(page, new RegExp(`^${name}$`));
    await keyboard.press("ControlOrMeta+a");
    await keyboard.type(size);
    await keyboard.press("Enter");
  }
  await expect.poll(async () => (await layers())[0]?.kernel_regularizer).toEqual({ type: "l1_l2", l1: 0.001, l2: 0.01 });
  await lab.trainFor(2);
});

test("by keyboard: save, load, change the theme", async ({ lab, page }) => {
  page.on("filechooser", () => {});
  await lab.open();
  await lab.trainFor(5);
  const epoch = await lab.epoch();
  const { keyboard } = page;
  await tabTo(page, /^Save$/);
  const download = page.waitForEvent("download");
  await keyboard.press("Enter");
  const path = test.info().outputPath("saved.tabgrad");
  await (await download).saveAs(path);
  await lab.resetButton.click();
  await expect.poll(() => lab.epoch()).toBe(0);

  await tabTo(page, /^Load$/);
  const chooser = page.waitForEvent("filechooser");
  await keyboard.press("Enter");
  await (await chooser).setFiles(path);
  await expect.poll(() => lab.epoch()).toBe(epoch);

  const theme = () => page.locator("tabgrad-playground").getAttribute("theme");
  await tabTo(page, /^Use the dark theme$/);
  await keyboard.press("Enter");
  await expect.poll(theme).toBe("dark");
  // The same button goes back.
  await keyboard.press("Space");
  await expect.poll(theme).toBe("light");
});

test("what has the focus is explained, and nothing else", async ({ lab, page }) => {
  await lab.open();
  const tooltip = lab.root.locator("tabgrad-tooltip");
  await tabTo(page, /^Iris$/);
  await expect(tooltip).toContainText("Which data the network learns from");
  await tabTo(page, /^Open your own data/);
  await expect(tooltip).toContainText("A table of your own");
  await tabTo(page, /^Step$/);
  await expect(tooltip).toContainText("Learns for one epoch");
  await page.keyboard.press("Escape");
  await expect(tooltip).toBeHidden();
  await expect(lab.stepButton).toBeFocused();
  await tabTo(page, /^Learning rate$/);
  await expect(tooltip).toBeVisible();
  await lab.root.getByRole("heading", { name: "Network" }).click();
  await expect(tooltip).toBeHidden();
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
