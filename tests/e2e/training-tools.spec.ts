// What stands behind "More" about training: the schedule drawn, the range test, class weights, and what callbacks keep.

import type { TrainingSpec } from "../../www/src/engine/protocol";
import { expect, test } from "./test";
import type { Lab } from "./lab";

const more = (lab: Lab) => lab.root.getByRole("button", { name: "More", exact: true });
const group = (lab: Lab, name: string) => lab.root.getByRole("group", { name, exact: true });

const addCallback = async (lab: Lab, label: string) =>
  lab.root.getByRole("combobox", { name: "Add a callback" }).selectOption({ label });

async function download(lab: Lab, name: RegExp): Promise<{ name: string; bytes: Buffer }> {
  const coming = lab.page.waitForEvent("download");
  await group(lab, "Kept by callbacks").getByRole("button", { name }).click();
  const file = await coming;
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

test("a schedule is drawn over the run, with the engine's values", async ({ lab }) => {
  await lab.open("./#preset=line");
  await more(lab).click();
  await lab.root.getByRole("combobox", { name: "Learning rate schedule" }).selectOption({ label: "Exponential decay" });
  const picture = lab.root.getByRole("img", { name: /^Learning rate over the run/ });
  await expect(picture).toBeVisible();
  await expect(picture).toHaveAccessibleName(/From 0\.01 to 0\.00\d+ in 100 epochs/);
  await lab.root.getByRole("combobox", { name: "Learning rate schedule" }).selectOption({ label: "constant" });
  await expect(picture).toBeHidden();
});

test("the range test suggests a rate, which can be taken over", async ({ lab }) => {
  await lab.open();
  await lab.trainFor(3);
  const epoch = await lab.epoch();
  await more(lab).click();
  await lab.root.getByRole("button", { name: "Find a learning rate" }).click();
  const picture = lab.root.getByRole("img", { name: /^Loss by learning rate/ });
  await expect(picture).toHaveAccessibleName(/Suggested/);
  expect(await lab.epoch(), "nothing was trained").toBe(epoch);
  const suggested = (await lab.lastHeard("range_test"))?.["suggested"] as number;
  await lab.root.getByRole("button", { name: /^Use \d/ }).click();
  await expect(picture).toBeHidden();
  const rate = Number(await lab.field("Learning rate").first().inputValue());
  expect(rate / suggested).toBeCloseTo(1, 1);
});

test("classes are weighed: balanced, by hand, and all alike", async ({ lab }) => {
  await lab.open();
  await more(lab).click();
  const sent = async () => {
    const configured = await lab.page.evaluate(() => {
      const playground = document.querySelector("tabgrad-playground") as unknown as {
        lab: { state: { choices: { training: TrainingSpec } } };
      };
      return playground.lab.state.choices.training.class_weight ?? null;
    });
    return configured;
  };
  const weights = group(lab, "Class weights");
  await weights.getByRole("button", { name: "Balanced" }).click();
  await expect.poll(async () => (await sent())?.length).toBe(3);
  await weights.getByRole("spinbutton", { name: "virginica" }).fill("5");
  await weights.getByRole("spinbutton", { name: "virginica" }).press("Enter");
  await expect.poll(async () => (await sent())?.[2]).toBe(5);
  await lab.trainFor(3);
  await weights.getByRole("button", { name: "All alike" }).click();
  await expect.poll(sent).toBeNull();
});

test("a metric may stand twice, with other arguments, and each has its own score", async ({ lab }) => {
  await lab.open("./#preset=moons&epochs=3");
  await more(lab).click();
  const metrics = group(lab, "metrics");
  const add = lab.root.getByRole("combobox", { name: "Add a metric" });
  await add.selectOption({ label: "Precision" });
  await add.selectOption({ label: "Precision" });
  await metrics.locator("summary").filter({ hasText: "Precision 1" }).click();
  const threshold = metrics.getByRole("textbox", { name: "Thresholds" });
  await threshold.last().fill("0.95");
  await threshold.last().press("Enter");
  await lab.trainToEnd();
  const scores = (await lab.history()).at(-1)?.train.metrics ?? {};
  expect(Object.keys(scores)).toEqual(["accuracy", "precision", "precision_1"]);
  expect(scores["precision_1"]).not.toBe(scores["precision"]);
  const test = lab.root.getByRole("group", { name: "Test", exact: true });
  for (const name of ["precision", "precision 1"]) {
    await expect(test.getByRole("term").filter({ hasText: new RegExp(`^${name}$`) })).toBeVisible();
  }
});

test("a log and the best state are kept, saved as files, and gone back to", async ({ lab }) => {
  await lab.open("./#preset=iris&epochs=12");
  await more(lab).click();
  await addCallback(lab, "CSV log");
  await addCallback(lab, "Model checkpoint");
  const kinds = lab.root.getByRole("group", { name: "callbacks", exact: true });
  await kinds.getByRole("checkbox", { name: "Best only" }).check();
  await lab.trainToEnd();

  const log = await download(lab, /^Save the log/);
  expect(log.name).toMatch(/\.csv$/);
  const lines = log.bytes.toString("utf8").trim().split("\n");
  expect(lines[0]).toBe("epoch,accuracy,loss,val_accuracy,val_loss");
  expect(lines).toHaveLength(13);

  const best = await download(lab, /^Save the best/);
  expect(best.name).toMatch(/epoch \d+\.tabgrad$/);

  // A rate that spoils everything; the best state is still there.
  await lab.field("Learning rate").first().fill("3");
  await lab.field("Learning rate").first().press("Enter");
  await lab.stepButton.click();
  await lab.stepButton.click();
  const back = group(lab, "Kept by callbacks").getByRole("button", { name: /^Go back to epoch/ });
  const epoch = Number((await back.innerText()).replace(/\D/g, ""));
  await back.click();
  await expect.poll(() => lab.epoch()).toBe(epoch);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.5);

  // It comes back with a saved project.
  const project = await lab.save();
  await lab.page.reload();
  await lab.ready();
  await lab.load(project.name, project.bytes);
  await more(lab).click();
  await expect(group(lab, "Kept by callbacks").getByRole("button", { name: /^Go back to epoch/ })).toBeVisible();
});
