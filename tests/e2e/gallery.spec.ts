// The gallery of views: nothing refused by the page's own policy, no number that is none, every view by keyboard, and the
// colours of the theme that is chosen.

import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./test";

/** Opens one section and collects what the browser complains about. */
async function open(page: Page, hash: string): Promise<string[]> {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("favicon")) complaints.push(message.text());
  });
  await page.goto(`gallery.html#${hash}`);
  await expect(page.getByRole("heading", { name: "Tabgrad's views" })).toBeVisible();
  return complaints;
}

const article = (page: Page, title: string): Locator =>
  page.locator("article").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

/** Colour of one pixel of a canvas, in its own pixels. */
const pixel = (canvas: Locator, x: number, y: number): Promise<number[]> =>
  canvas.evaluate(
    (element, [x, y]) => Array.from((element as HTMLCanvasElement).getContext("2d")!.getImageData(x!, y!, 1, 1).data),
    [x, y],
  );

for (const theme of ["light", "dark"]) {
  test(`every state of every view draws under the page's policy: ${theme}`, async ({ page }) => {
    const complaints = await open(page, theme);
    // Views out of sight draw when they are seen: go past all of them.
    for (const one of await page.locator("article").all()) await one.scrollIntoViewIfNeeded();
    const text = await page.locator("tabgrad-gallery").evaluate((gallery) => {
      const gather = (root: ShadowRoot | Element): string =>
        Array.from(root.querySelectorAll("*"), (element) =>
          element.shadowRoot ? (element.shadowRoot.textContent ?? "") + gather(element.shadowRoot) : "",
        ).join(" ");
      return gather(gallery.shadowRoot!);
    });
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(complaints).toEqual([]);
  });
}

test("a change of theme repaints canvases in its colours", async ({ page }) => {
  await open(page, "light,surface");
  const field = article(page, "Three classes").locator("canvas.field");
  await expect.poll(() => field.evaluate((canvas) => (canvas as HTMLCanvasElement).width)).toBe(100);
  const lightness = async (): Promise<number> =>
    (await pixel(field, 5, 50)).slice(0, 3).reduce((sum, channel) => sum + channel, 0);
  expect(await lightness()).toBeGreaterThan(450);
  await page.getByRole("link", { name: "dark" }).click();
  await expect.poll(lightness).toBeLessThan(350);
});

test("the network by keyboard: from layer to layer, from unit to unit, select and resize", async ({ page }) => {
  await open(page, "light,network");
  const view = article(page, "Training").locator("tabgrad-network-view");
  await view.evaluate((element) => {
    const said: string[] = ((element as unknown as { said: string[] }).said = []);
    for (const name of ["select-layer", "resize-layer"])
      element.addEventListener(name, (event) => said.push(`${name} ${JSON.stringify((event as CustomEvent).detail)}`));
  });
  await view.getByRole("button", { name: /^input 4/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(view.getByRole("button", { name: /^dense 8 relu/ })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(view.locator('[aria-live="polite"]')).toHaveText(/dense_1 unit 2: .*sepal/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("+");
  await page.keyboard.press("-");
  expect(await view.evaluate((element) => (element as unknown as { said: string[] }).said)).toEqual([
    'select-layer {"layer":0}',
    'resize-layer {"layer":0,"delta":1}',
    'resize-layer {"layer":0,"delta":-1}',
  ]);
  await page.keyboard.press("End");
  await expect(view.getByRole("button", { name: /^dense 3 softmax/ })).toBeFocused();
  await page.keyboard.press("+");
  expect(
    await view.evaluate((element) => (element as unknown as { said: string[] }).said.length),
    "outputs keep their size",
  ).toBe(3);
});

test("what the pointer is on is said: a neuron, a weight", async ({ page }) => {
  await open(page, "light,network");
  const view = article(page, "One neuron").locator("tabgrad-network-view");
  const stage = view.locator(".stage");
  const box = (await stage.boundingBox())!;
  await stage.hover({ position: { x: box.width / 2, y: box.height / 2 } });
  // The one edge of this network lies in the middle of it.
  await expect(view.locator(".readout")).toContainText(/x → y\s*weight\s*[+\u2212]\d/);
  await page.mouse.move(0, 0);
  await expect(view.locator(".readout")).toHaveCount(0);
});

test("curves, surface and fit by keyboard, with their numbers", async ({ page }) => {
  await open(page, "light");
  const curves = article(page, "Loss, training").locator("tabgrad-curves");
  await curves.getByRole("img").focus();
  await page.keyboard.press("Home");
  await expect(curves.locator(".epoch")).toHaveText("epoch 1");
  await page.keyboard.press("ArrowRight");
  await expect(curves.locator('[aria-live="polite"]')).toHaveText(/^epoch 2: train [\d.]+, validation [\d.]+$/);
  await page.keyboard.press("Escape");
  await expect(curves.locator(".epoch")).toHaveText("epoch 42");

  const surface = article(page, "Three classes").locator("tabgrad-surface");
  await surface.getByRole("img").focus();
  await page.keyboard.press("ArrowRight");
  await expect(surface.locator('[aria-live="polite"]')).toHaveText(
    /petal length 4\.\d+, petal width 1\.\d+: .*setosa \d+\.\d%/,
  );

  const fit = article(page, "The line y = 3 x + 2").locator("tabgrad-line-fit");
  await fit.getByRole("img").focus();
  await page.keyboard.press("End");
  await expect(fit.locator('[aria-live="polite"]')).toHaveText(/^x 10: predicted 31\.87/);
});

test("a run of a hundred thousand epochs is drawn from about a thousand points, and all of it is in its table", async ({
  page,
}) => {
  await open(page, "light,curves");
  const curves = article(page, "A million epochs would look the same: 100,000").locator("tabgrad-curves");
  await curves.scrollIntoViewIfNeeded();
  const drawn = await curves.evaluate(
    (element) => (element as unknown as { plot: { data: unknown[][] } | null }).plot?.data[0]?.length ?? 0,
  );
  expect(drawn).toBeGreaterThan(300);
  expect(drawn).toBeLessThanOrEqual(1001);
  await curves.getByRole("button", { name: "Table" }).click();
  await expect(curves.getByRole("table")).toContainText("the first 200 of 100,000 rows");
});

test.describe("by touch", () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test("a tap selects a layer and says what was tapped, and that stays to be read", async ({ page }) => {
    await open(page, "light,network");
    const view = article(page, "One neuron").locator("tabgrad-network-view");
    await view.evaluate((element) => {
      element.addEventListener("select-layer", (event) =>
        element.setAttribute("data-said", JSON.stringify((event as CustomEvent).detail)),
      );
    });
    const stage = view.locator(".stage");
    await stage.scrollIntoViewIfNeeded();
    const box = (await stage.boundingBox())!;
    const heading = (await view.getByRole("button", { name: /^dense 1,/ }).boundingBox())!;
    await page.touchscreen.tap(heading.x + heading.width / 2, box.y + box.height / 2);
    await expect(view).toHaveAttribute("data-said", '{"layer":0}');
    await expect(view.locator(".readout")).toContainText(/y\s*x\s*[+\u2212]\d/);
  });

  test("a tap on the surface says what is predicted there", async ({ page }) => {
    await open(page, "light,surface");
    const surface = article(page, "Three classes").locator("tabgrad-surface");
    await surface.locator(".stage").tap({ position: { x: 150, y: 120 } });
    await expect(surface.locator(".readout")).toContainText(/petal length \d[^]*(setosa|versicolor|virginica)/);
  });
});
