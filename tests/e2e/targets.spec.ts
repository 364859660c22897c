// Several targets of one table: numbers and classes in one network, each with an output of its own.

import { writeFile } from "node:fs/promises";
import type { Configured, Evaluation } from "../../www/src/engine/protocol";
import { expect, test } from "./test";
import { stroke, type Lab } from "./lab";

/** Price and kind follow from the size; noise says nothing. */
function houses(): string {
  const rows = Array.from({ length: 150 }, (_, i) => {
    const size = ((i * 37) % 150) / 15;
    const kind = size < 3.3 ? "flat" : size < 6.6 ? "house" : "castle";
    return `${size.toFixed(2)},${((i * 7) % 13) / 13},${kind},${(20 * size + 100).toFixed(1)}`;
  });
  return `size,noise,kind,price\n${rows.join("\n")}\n`;
}

async function opened(lab: Lab, file: string): Promise<void> {
  await lab.open();
  await writeFile(file, houses());
  await lab.drop(file);
  await expect(lab.root.getByText("150 rows, 4 columns")).toBeVisible();
  await lab.ready();
}

const summary = async (lab: Lab) => (await lab.lastHeard("configured"))?.["summary"] as Configured;

test("a number and a class: chosen, trained, scored, predicted, saved and loaded", async ({ lab, page }, info) => {
  await opened(lab, info.outputPath("houses.csv"));
  await expect(lab.root.getByRole("radio", { name: "Predict price" })).toBeChecked();
  await lab.root.getByRole("button", { name: "Several targets" }).click();
  await lab.root.getByRole("checkbox", { name: "Predict kind" }).click();
  await expect.poll(async () => (await summary(lab)).targets?.map(({ name }) => name)).toEqual(["price", "kind"]);
  await lab.ready();

  // One head for each, grown from the last hidden layer, and each with its name.
  const tabs = lab.root.getByRole("tablist", { name: "Layers" });
  await expect(tabs.getByRole("tab", { name: "Output price 1" })).toBeVisible();
  await expect(tabs.getByRole("tab", { name: "Output kind 3" })).toBeVisible();

  await lab.trainFor(120);
  const test = lab.root.locator("tabgrad-test-panel");
  await expect(test.getByRole("radio", { name: "price" })).toBeChecked();
  await expect(lab.root.locator("tabgrad-announcer")).toContainText(/test rmse of price \d/);
  await expect(test.locator(".pair")).toContainText("RMSE");
  const rmse = Number.parseFloat(await test.locator(".value").innerText());
  expect(rmse).toBeLessThan(12);
  await expect(test.locator(".pair")).toContainText("by guessing");
  await expect(test.locator("tabgrad-confusion")).toHaveCount(0);

  await test.getByRole("radio", { name: "kind" }).click();
  await expect(test.locator(".pair")).toContainText("accuracy");
  expect(Number.parseFloat(await test.locator(".value").innerText())).toBeGreaterThan(80);
  await expect(test.locator("tabgrad-confusion")).toBeVisible();
  // What is looked at is looked at everywhere.
  await expect(lab.reading(/^Test accuracy$/)).toBeVisible();
  await expect(lab.root.locator("tabgrad-curves-panel").getByRole("radio", { name: "kind" })).toBeChecked();
  await expect(lab.root.getByRole("heading", { name: "Decision surface" })).toBeVisible();
  await expect(lab.root.getByRole("combobox", { name: "Loss of kind" })).toBeVisible();

  await test.getByRole("button", { name: "Report" }).click();
  const report = lab.root.locator("tabgrad-report-panel");
  await expect(report.getByText("precision", { exact: true })).toBeVisible();
  await report.getByRole("radio", { name: "price" }).click();
  await expect(report.getByRole("heading", { name: "Residuals" })).toBeVisible();
  await report.getByRole("button", { name: "Close the report" }).click();

  const form = lab.root.locator("tabgrad-predict-panel");
  await form.getByLabel("size").fill("9");
  await expect(form.getByRole("heading", { name: "price" })).toBeVisible();
  await expect(form.locator("output .best")).toContainText("castle");
  const row = ["9", "0.5", null, null];
  const [said] = await lab.predict([row]);
  expect(said?.targets?.[0]?.value).toBeGreaterThan(240);
  expect(said?.targets?.[1]?.label).toBe("castle");

  const file = await lab.save();
  await page.reload();
  await lab.ready();
  await lab.load(file.name, file.bytes);
  await expect.poll(async () => (await lab.lastHeard("model_loaded"))?.type).toBe("model_loaded");
  expect(await lab.predict([row])).toEqual([said]);
  await expect(lab.root.getByRole("tab", { name: "Output kind 3" })).toBeVisible();
  // Its rows are opened, and it goes on.
  await lab.drop(info.outputPath("houses.csv"));
  await lab.ready();
  await expect(lab.root.getByRole("checkbox", { name: "Predict kind" })).toBeChecked();
  const epoch = await lab.epoch();
  expect(epoch).toBeGreaterThanOrEqual(120);
  await lab.stepButton.click();
  await expect.poll(() => lab.epoch()).toBe(epoch + 1);
  expect((await lab.predict([row]))[0]?.targets?.[0]?.value).toBeGreaterThan(200);
});

test("each output has a loss, a weight and metrics of its own; one target is as ever again", async ({ lab }, info) => {
  await opened(lab, info.outputPath("houses.csv"));
  await lab.root.getByRole("button", { name: "Several targets" }).click();
  await lab.root.getByRole("checkbox", { name: "Predict kind" }).click();
  await lab.ready();
  await lab.root.getByRole("button", { name: "More", exact: true }).click();
  const price = lab.root.getByRole("group", { name: "Output price" });
  // What the one target of classes offered is not for several, and the page says so.
  await expect(lab.root.getByText("Class weights are for networks with one output")).toBeVisible();
  await expect(lab.root.locator("tabgrad-class-weights")).toHaveCount(0);
  await price.getByRole("combobox", { name: "Loss" }).selectOption("huber");
  await price.getByRole("spinbutton", { name: "Loss weight" }).fill("0.25");
  await price.getByRole("spinbutton", { name: "Loss weight" }).press("Enter");
  await price.getByRole("combobox", { name: "Add a metric" }).selectOption("mean_absolute_error");
  await lab.trainFor(3);
  const scores = (await lab.history()).at(-1)?.train as Evaluation;
  expect(Object.keys(scores.metrics).sort()).toEqual([
    "kind_accuracy",
    "kind_loss",
    "price_loss",
    "price_mean_absolute_error",
    "price_r2_score",
    "price_root_mean_squared_error",
  ]);
  // Huber's loss has no unit: the sum is that of the two, the first counting a quarter.
  const { price_loss = 0, kind_loss = 0 } = scores.metrics;
  expect(scores.loss).toBeCloseTo(0.25 * price_loss + kind_loss, 3);

  await lab.root.getByRole("button", { name: "Several targets" }).click();
  await expect(lab.root.getByRole("radio", { name: "Predict price" })).toBeChecked();
  await expect.poll(async () => (await summary(lab)).targets).toBeUndefined();
  await expect(lab.root.getByRole("tab", { name: "Output 1" })).toBeVisible();
  await expect(lab.root.locator("tabgrad-target-tabs")).toHaveCount(0);
  await lab.ready();
  await lab.trainFor(3);
  expect(Object.keys((await lab.history()).at(-1)?.train.metrics ?? {})).toContain("root_mean_squared_error");
});

test("a link brings several targets of built-in data, and their outputs", async ({ lab, page }) => {
  await lab.open();
  await lab.root.getByRole("button", { name: "Several targets" }).click();
  await lab.root.getByRole("checkbox", { name: "Predict petal width" }).click();
  await expect.poll(async () => (await summary(lab)).targets?.length).toBe(2);
  await lab.root.getByRole("combobox", { name: "Loss of species" }).waitFor();
  await lab.ready();
  await lab.root.getByRole("button", { name: "More", exact: true }).click();
  const width = lab.root.getByRole("group", { name: "Output petal width" });
  await width.getByRole("combobox", { name: "Loss" }).selectOption("huber");
  await width.getByRole("spinbutton", { name: "Loss weight" }).fill("0.25");
  await width.getByRole("spinbutton", { name: "Loss weight" }).press("Enter");
  await width.getByRole("combobox", { name: "Add a metric" }).selectOption("mean_absolute_error");
  await width.getByRole("button", { name: "Take R² away" }).click();
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("targets=4+3");
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("loss-weights=1+0.25");
  const metrics = "metrics=accuracy;root_mean_squared_error+mean_absolute_error";
  await expect.poll(() => page.evaluate(() => location.hash)).toContain(metrics);
  const link = await page.evaluate(() => location.href);
  await page.goto("about:blank");
  await page.goto(link);
  await lab.ready();
  await expect.poll(async () => (await summary(lab)).targets?.map(({ name }) => name)).toEqual(["species", "petal_width"]);
  await lab.stepButton.click();
  await expect.poll(() => lab.epoch()).toBe(1);
  const scores = (await lab.history()).at(-1)?.train as Evaluation;
  const { species_loss = 0, petal_width_loss = 0 } = scores.metrics;
  expect(Object.keys(scores.metrics).sort()).toEqual([
    "petal_width_loss",
    "petal_width_mean_absolute_error",
    "petal_width_root_mean_squared_error",
    "species_accuracy",
    "species_loss",
  ]);
  expect(scores.loss).toBeCloseTo(species_loss + 0.25 * petal_width_loss, 3);
});

test("a link brings another target of built-in data, with its loss and metrics", async ({ lab, page }) => {
  await lab.open();
  await lab.root.getByRole("radio", { name: "Predict petal width" }).click();
  await expect.poll(async () => (await summary(lab)).task).toBe("regression");
  await lab.ready();
  await lab.root.getByRole("button", { name: "More", exact: true }).click();
  await lab.root.getByRole("combobox", { name: "Add a metric" }).selectOption("mean_absolute_error");
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("mean_absolute_error");
  await page.reload();
  await lab.ready();
  await expect(lab.root.getByRole("radio", { name: "Predict petal width" })).toBeChecked();
  expect((await summary(lab)).task).toBe("regression");
  await lab.trainFor(3);
  const metrics = ["mean_absolute_error", "r2_score", "root_mean_squared_error"];
  expect(Object.keys((await lab.history()).at(-1)?.train.metrics ?? {}).sort()).toEqual(metrics);
});

test("the row itself as the target: an autoencoder, its error, and back to a column", async ({ lab, page }) => {
  await lab.open();
  await lab.root.getByRole("button", { name: "Several targets" }).click();
  await lab.root.getByRole("checkbox", { name: "The row itself" }).check();
  await expect.poll(async () => (await summary(lab)).task).toBe("reconstruction");
  await lab.ready();
  await expect(lab.root.getByRole("tab", { name: "Output 4" })).toBeVisible();
  await expect(lab.root.getByRole("heading", { name: "Reconstruction error" })).toBeVisible();
  await lab.trainFor(100);
  const test = lab.root.locator("tabgrad-test-panel");
  expect(Number.parseFloat(await test.locator(".value").innerText())).toBeLessThan(0.6);
  await expect(test.locator(".pair")).toContainText("by guessing");

  const [flower, odd] = await lab.predict([
    ["5.1", "3.5", "1.4", "0.2"],
    ["5.1", "2.0", "6.5", "0.2"],
  ]);
  expect(odd?.error).toBeGreaterThan(2 * (flower?.error ?? 1));
  const form = lab.root.locator("tabgrad-predict-panel");
  await expect(form.getByText("reconstruction error")).toBeVisible();
  await expect(form.getByRole("term").filter({ hasText: "petal width" })).toBeVisible();

  // A link brings it back.
  const link = await page.evaluate(() => location.href);
  expect(link).toContain("targets=none");
  await page.goto("about:blank");
  await page.goto(link);
  await lab.ready();
  await expect.poll(async () => (await summary(lab)).task).toBe("reconstruction");
  await expect(lab.root.getByRole("tab", { name: "Output 4" })).toBeVisible();
  await lab.root.getByRole("checkbox", { name: "Predict species" }).click();
  await expect.poll(async () => (await summary(lab)).task).toBe("multiclass");
  await lab.ready();
  await lab.trainFor(3);
});

test("pictures are given back, and of a sequence the next token of every step is said", async ({ lab }) => {
  await lab.open("./#preset=digits");
  await lab.root.getByRole("button", { name: "Several targets" }).click();
  await lab.root.getByRole("checkbox", { name: "The row itself" }).check();
  await expect.poll(async () => (await summary(lab)).task).toBe("reconstruction");
  await lab.ready();
  await lab.trainFor(3);
  const scores = (await lab.history()).at(-1)?.train.metrics ?? {};
  expect(scores["root_mean_squared_error"]).toBeLessThan(0.3);
  await stroke(lab.root.getByRole("application", { name: /^Drawing pad of 8 by 8 pixels/ }));
  await expect(lab.root.getByRole("img", { name: "The picture as it is given back" })).toBeVisible();
  await expect(lab.root.locator("tabgrad-result-panel").getByText(/^error 0\.\d+/)).toBeVisible();

  await lab.choose("Repeats");
  await lab.root.getByRole("checkbox", { name: "The next token" }).check();
  await expect.poll(async () => (await summary(lab)).task).toBe("sequence");
  await lab.ready();
  await lab.trainFor(3);
  const share = (await lab.history()).at(-1)?.train.metrics["accuracy"] ?? 0;
  expect(share).toBeGreaterThan(0.1);
  await expect(lab.root.locator("tabgrad-predict-panel").getByText("wrong steps")).toBeVisible();
  await expect(lab.root.getByRole("list", { name: "What it says" })).toBeVisible();
});

test("a second input takes columns by hand, and is joined with the first", async ({ lab }) => {
  await lab.open();
  await lab.root.getByRole("button", { name: "Layer", exact: true }).click();
  await lab.root.getByRole("combobox", { name: "Search layers" }).fill("input");
  await lab.page.keyboard.press("Enter");
  const tabs = lab.root.getByRole("tablist", { name: "Layers" });
  await expect(tabs.getByRole("tab", { name: /^Input/ })).toHaveCount(2);
  await lab.ready();
  const columns = lab.root.getByRole("group", { name: "Columns" });
  await expect(columns.getByRole("button", { name: "petal length" })).toHaveAttribute("aria-pressed", "true");
  await columns.getByRole("button", { name: "sepal width" }).click();
  const features = async () => (await summary(lab)).features.map(({ name }) => name);
  await expect
    .poll(features)
    .toEqual(["sepal length", "sepal width", "sepal width", "petal length", "petal width"]);
  await lab.ready();
  await lab.trainFor(60);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.85);
});
