// A table of one's own: dropped on the page, learnt from, predicted with.

import { readFile } from "node:fs/promises";
import { expect, fixture, irisFile, test } from "./test";

test("Iris as a file, dropped on the page, is told apart to more than 93 % of the test rows", async ({ lab }) => {
  await lab.open("./#preset=moons");
  await lab.drop(irisFile);
  await expect(lab.root.getByText("150 rows, 5 columns")).toBeVisible();
  await expect(lab.root.getByRole("radio", { name: "Predict species" })).toBeChecked();
  await lab.ready();
  await lab.trainFor(120);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.93);
  const heard = await lab.lastHeard("configured");
  expect(heard?.["summary"]).toMatchObject({ task: "multiclass", outputs: ["setosa", "versicolor", "virginica"] });
});

test("raw values are predicted: the form takes centimetres and says the species", async ({ lab }) => {
  await lab.open();
  await lab.trainFor(60);
  const flowers: [string[], string][] = [
    [["5.1", "3.5", "1.4", "0.2"], "setosa"],
    [["5.9", "2.8", "4.3", "1.3"], "versicolor"],
    [["6.9", "3.1", "5.8", "2.2"], "virginica"],
  ];
  const names = ["sepal length", "sepal width", "petal length", "petal width"];
  const form = lab.root.locator("tabgrad-predict-panel");
  for (const [measures, species] of flowers) {
    for (const [index, name] of names.entries()) {
      await form.getByLabel(name).fill(measures[index] ?? "");
    }
    await expect(form.locator("output .best")).toContainText(species);
  }
});

test("a value that was never seen is said to be so, and nothing breaks", async ({ lab }) => {
  await lab.open();
  await lab.drop(fixture("latin1.csv"));
  await expect(lab.root.getByText("32 rows, 3 columns")).toBeVisible();
  await lab.ready();
  await lab.trainFor(5);
  const [row] = await lab.predict([["Atlantis", "7", null]]);
  expect(row?.issues.join(" ")).toContain("Atlantis");
  expect(Number.isFinite(row?.value)).toBe(true);
  const [missing] = await lab.predict([[null, null, null]]);
  expect(Number.isFinite(missing?.value)).toBe(true);
});

test("one click makes another column the target, and the network fits itself to it", async ({ lab }) => {
  await lab.open();
  await lab.drop(irisFile);
  await expect(lab.root.getByText("150 rows, 5 columns")).toBeVisible();
  await lab.ready();
  await lab.root.getByRole("radio", { name: "Predict petal length" }).click();
  await expect.poll(async () => (await lab.lastHeard("configured"))?.["summary"]).toMatchObject({ task: "regression" });
  await lab.ready();
  await lab.trainFor(40);
  const last = (await lab.history()).at(-1);
  expect(last?.train.metrics["r2_score"] ?? last?.validation?.metrics["r2_score"] ?? 1).toBeGreaterThan(0.8);
});

test("the file chooser does what dropping does", async ({ lab, page }) => {
  await lab.open();
  const chooser = page.waitForEvent("filechooser");
  await lab.root.getByRole("button", { name: "Open your own data…" }).click();
  await (await chooser).setFiles({ name: "flowers.csv", mimeType: "text/csv", buffer: await readFile(irisFile) });
  await expect(lab.root.getByText("150 rows, 5 columns")).toBeVisible();
  await lab.ready();
  await lab.trainFor(3);
});

test("a column of dates has dates along its axis, and in what is read out of it", async ({ lab }) => {
  await lab.open();
  await lab.drop(fixture("dates.csv"));
  await expect(lab.root.getByText("48 rows, 2 columns")).toBeVisible();
  await lab.ready();
  await lab.trainFor(5);
  const picture = lab.root.locator("tabgrad-line-fit").getByRole("img");
  await expect(picture).toHaveAccessibleName(/visits by day, 48 points, fit from .* at \d+\/\d+\/202[34] to /);
  await picture.focus();
  await lab.page.keyboard.press("ArrowRight");
  await expect(lab.root.locator("tabgrad-line-fit .readout")).toContainText(/day \d+\/\d+\/2024/);
});

test("losses that are for other targets stand in the menu with the reason", async ({ lab }) => {
  await lab.open();
  const loss = lab.root.getByRole("combobox", { name: "Loss" });
  await loss.focus();
  const others = loss.locator("optgroup option");
  const said = async () => (await others.allInnerTexts()).join("\n");
  await expect.poll(said).toMatch(/temporal classification: needs a sequence of labels as target, in programs \(model\.js\)/);
  expect(await said()).toMatch(/Circle: needs outputs that are compared by distance/);
  expect(await said()).toMatch(/Huber: needs a number as target/);
  expect(await others.evaluateAll((all) => all.every((option) => (option as HTMLOptionElement).disabled))).toBe(true);
  await lab.choose("Line");
  await expect.poll(said).not.toContain("Huber");
  expect(await said()).toContain("Circle");
});
