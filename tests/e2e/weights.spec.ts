// A column that says how much each row counts: marked, refused, scored by, saved with the model, and shared.

import type { TableReport, TrainingSpec } from "../../www/src/engine/protocol";
import type { Lab } from "./lab";
import { expect, test } from "./test";

/** Forty rows; those whose `times` is 0 are labelled the other way round. */
function csv(bad?: string): { name: string; mimeType: string; buffer: Buffer } {
  const rows = Array.from({ length: 40 }, (_, row) => {
    const size = (row * 7) % 23;
    const times = row % 4 === 0 ? 0 : (row % 3) + 1;
    const kind = size > 11 !== (times === 0) ? "large" : "small";
    return `${size}.5,${row === 30 && bad !== undefined ? bad : times},${kind}`;
  });
  return { name: "counted.csv", mimeType: "text/csv", buffer: Buffer.from(`size,times,kind\n${rows.join("\n")}\n`) };
}

async function open(lab: Lab, file: ReturnType<typeof csv>): Promise<void> {
  const chooser = lab.page.waitForEvent("filechooser");
  await lab.root.getByRole("button", { name: "Open your own data…" }).click();
  await (await chooser).setFiles(file);
  await expect(row(lab, "times")).toBeVisible();
  await expect(lab.root.getByText("40 rows, 3 columns")).toBeVisible();
  await lab.ready();
}

const row = (lab: Lab, name: string) => lab.root.locator("tabgrad-column-row").filter({ hasText: name });
const box = (lab: Lab, name: string) => row(lab, name).getByRole("checkbox", { name: "Row weight" });
const openRow = (lab: Lab, name: string) => row(lab, name).getByRole("button").first().click();

async function roles(lab: Lab): Promise<string[]> {
  const report = (await lab.lastHeard("table"))?.["report"] as TableReport | undefined;
  return report?.columns.map(({ role }) => role) ?? [];
}

test("rows count by a column: in loss and weighted scores, in a saved model, and again when it is opened", async ({
  lab,
}) => {
  await lab.open();
  await open(lab, csv());
  const more = lab.root.getByRole("button", { name: "More", exact: true });
  await more.click();
  await expect(lab.root.getByRole("combobox", { name: "Add a weighted metric" })).toBeHidden();
  await openRow(lab, "kind");
  await expect(box(lab, "kind")).toBeHidden();
  await openRow(lab, "times");
  await box(lab, "times").check();
  await expect(row(lab, "times")).toContainText("weight of the row");
  expect(await roles(lab)).toEqual(["feature", "weight", "target"]);
  await lab.ready();

  await lab.root.getByRole("combobox", { name: "Add a weighted metric" }).selectOption({ label: "Accuracy" });
  await lab.ready();
  await lab.trainFor(150);
  const scores = lab.root.getByRole("group", { name: "Test", exact: true });
  await expect(scores.getByRole("term").filter({ hasText: /^weighted accuracy$/ })).toBeVisible();
  const metrics = (await lab.history()).at(-1)?.train.metrics ?? {};
  // Rows of weight 0 say the opposite of the others: they teach nothing and count only where rows count alike.
  expect(metrics["weighted_accuracy"]).toBeGreaterThan((metrics["accuracy"] ?? 1) + 0.1);

  const saved = await lab.save();
  await lab.page.reload();
  await lab.ready();
  await lab.load(saved.name, saved.bytes);
  await expect(row(lab, "times")).toContainText("weight of the row");
  await open(lab, csv());
  await expect(row(lab, "times")).toContainText("weight of the row");
  expect(await roles(lab)).toEqual(["feature", "weight", "target"]);
  const training = await lab.page.evaluate(
    () =>
      (document.querySelector("tabgrad-playground") as unknown as { lab: { state: { choices: { training: TrainingSpec } } } })
        .lab.state.choices.training,
  );
  expect(training.weighted_metrics).toEqual(["accuracy"]);
});

test("of several targets, each is scored by the weights of the rows, in its own unit", async ({ lab }) => {
  await lab.open("./#preset=iris&weight=0");
  await expect(row(lab, "sepal length")).toContainText("weight of the row");
  await lab.root.getByRole("button", { name: "More", exact: true }).click();
  await lab.root.getByRole("combobox", { name: "Add a weighted metric" }).selectOption({ label: "Accuracy" });
  await lab.ready();
  await lab.root.getByRole("button", { name: "Several targets" }).click();
  await lab.root.getByRole("checkbox", { name: "Predict petal length" }).click();
  const output = (name: string) => lab.root.getByRole("group", { name: `Output ${name}` });
  // What was chosen for the one target stays, where it suits.
  await expect(output("species").getByRole("group", { name: "weighted metrics" }).getByRole("button", { name: "Take Accuracy away" })).toBeVisible();
  const second = output("petal length").getByRole("combobox", { name: "Add a weighted metric" });
  await second.selectOption("root_mean_squared_error");
  await lab.ready();
  await lab.trainFor(60);
  const metrics = (await lab.history()).at(-1)?.train.metrics ?? {};
  expect(metrics["species_weighted_accuracy"]).toBeGreaterThan(0.8);
  // Both in centimetres, of which 1.8 are a standard deviation: what weighs more is about as hard to guess as the rest.
  const [plain = 0, weighted = 0] = ["", "weighted_"].map((way) => metrics[`petal_length_${way}root_mean_squared_error`]);
  expect(weighted).not.toBe(plain);
  expect(weighted / plain).toBeGreaterThan(0.75);
  expect(weighted / plain).toBeLessThan(1.3);
  const scores = lab.root.getByRole("group", { name: "Test", exact: true });
  await scores.getByRole("radio", { name: "petal length" }).click();
  await expect(scores.getByRole("term").filter({ hasText: /^weighted RMSE$/ })).toBeVisible();
});

test("what is no weight is refused with its line, and the column stays what it was", async ({ lab }) => {
  await lab.open();
  await open(lab, csv("-2"));
  await openRow(lab, "times");
  await box(lab, "times").click();
  await expect(lab.messages.first()).toContainText('counted.csv line 32, column "times": "-2" is no weight');
  await expect(box(lab, "times")).not.toBeChecked();
  expect(await roles(lab)).toEqual(["feature", "feature", "target"]);
  await lab.trainFor(2);
});

test("a link and a reload bring the weight of built-in data back", async ({ lab }) => {
  await lab.open("./#preset=iris");
  await openRow(lab, "petal width");
  await box(lab, "petal width").check();
  await expect.poll(() => lab.page.url()).toContain("weight=3");
  await lab.ready();
  await lab.page.reload();
  await lab.ready();
  await expect(row(lab, "petal width")).toContainText("weight of the row");
  expect(((await lab.lastHeard("configured"))?.["summary"] as { features: unknown[] }).features).toHaveLength(3);
  await expect.poll(() => lab.page.url()).toContain("weight=3");
});
