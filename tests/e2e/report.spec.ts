// The report on the test rows: every class, every threshold, calibration; predictions and residuals of values.

import type { Report } from "../../www/src/engine/protocol";
import { expect, test } from "./test";
import type { Lab } from "./lab";

const panel = (lab: Lab) => lab.root.getByRole("group", { name: "Report", exact: true });
const open = (lab: Lab) => lab.root.getByRole("button", { name: "Report", exact: true });

async function heardReport(lab: Lab): Promise<Report | undefined> {
  return (await lab.lastHeard("report"))?.["report"] as Report | undefined;
}

test("a report of classes: scores of every class, curves of a chosen one, calibration", async ({ lab }) => {
  await lab.open();
  await lab.trainFor(30);
  await open(lab).click();
  await expect(panel(lab)).toBeInViewport();
  const report = await heardReport(lab);
  expect(report?.classification?.classes).toHaveLength(3);

  const rows = panel(lab).getByRole("group", { name: "Scores of every class" }).getByRole("row");
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText("setosa");
  await expect(panel(lab).getByRole("img", { name: /^Calibration/ })).toBeVisible();

  // The same of the rows that it has learnt from.
  await panel(lab).getByRole("combobox", { name: "rows" }).selectOption({ label: "train" });
  await expect(panel(lab).getByRole("status").first()).toContainText("106 train rows");
  await panel(lab).getByRole("combobox", { name: "rows" }).selectOption({ label: "test" });
  await expect(panel(lab).getByRole("status").first()).toContainText("22 test rows");

  await panel(lab).getByRole("combobox", { name: "class" }).selectOption({ label: "setosa" });
  const roc = panel(lab).getByRole("img", { name: /^ROC curve of setosa/ });
  await expect(roc).toHaveAccessibleName(/Area under the curve: [01]/);
  await expect(panel(lab).getByRole("img", { name: /^Precision and recall of setosa/ })).toBeVisible();

  // Every picture has its numbers as a table.
  const first = panel(lab).locator("tabgrad-chart").first();
  await first.getByRole("button", { name: /^Table/ }).click();
  await expect(first.getByRole("columnheader", { name: "true positive rate" })).toBeVisible();

  await panel(lab).getByRole("button", { name: "Close the report" }).click();
  await expect(panel(lab)).toBeHidden();
});

test("an open report is made anew when training pauses", async ({ lab }) => {
  await lab.open();
  await lab.trainFor(3);
  await open(lab).click();
  await expect(panel(lab).getByRole("status").first()).toContainText("epoch");
  const reports = async () => (await lab.heard()).filter(({ type }) => type === "report").length;
  const before = await reports();
  await lab.trainFor(20);
  await expect.poll(reports).toBeGreaterThan(before);
  const epoch = Math.floor(await lab.epoch());
  await expect(panel(lab).getByRole("status").first()).toContainText(`epoch ${String(epoch)}`);
});

test("a report of values: predictions against true ones, residuals, R², RMSE, MAE", async ({ lab }) => {
  await lab.open("./#preset=line");
  await lab.trainToEnd();
  await open(lab).click();
  await expect(panel(lab).getByRole("term")).toHaveText(["R²", "RMSE", "MAE"]);
  const of = (await heardReport(lab))?.regression;
  expect(of?.r2 ?? 0).toBeGreaterThan(0.9);
  await expect(panel(lab).getByRole("img", { name: /^Predicted against true/ })).toHaveAccessibleName(/R² 0\.9/);
  await expect(panel(lab).getByRole("img", { name: /^Residuals/ })).toBeVisible();
});

test("the confusion matrix of ten classes stands whole in its panel", async ({ lab, page }) => {
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await lab.open("./#preset=digits");
    await lab.trainFor(1);
    const scroll = lab.root.getByRole("group", { name: "Confusion matrix" });
    await expect(scroll.getByRole("columnheader", { name: "9" })).toBeVisible();
    const over = await scroll.evaluate((it) => it.scrollWidth - it.clientWidth);
    expect(over, `at ${String(width)} pixels`).toBeLessThanOrEqual(0);
  }
});
