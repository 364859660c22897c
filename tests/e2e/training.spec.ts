// Training by hand: the first click, pause, step, reset to the very same start, a learning rate that is too high.

import { expect, test } from "./test";

test("the first click trains: the loss falls and the network finds the flowers", async ({ lab }) => {
  await lab.open();
  await lab.trainFor(30);
  const history = await lab.history();
  const first = history[0]?.train.loss ?? NaN;
  const last = history.at(-1)?.train.loss ?? NaN;
  expect(first).toBeGreaterThan(0.5);
  expect(last).toBeLessThan(first / 2);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.85);
});

test("pause stops, step goes on by one epoch, train goes on from there", async ({ lab, page }) => {
  await lab.open();
  await lab.trainFor(3);
  const paused = await lab.epoch();
  await page.waitForTimeout(400);
  expect(await lab.epoch(), "nothing moves while paused").toBe(paused);

  await lab.stepButton.click();
  await expect.poll(() => lab.epoch()).toBe(Math.floor(paused) + 1);
  await expect(lab.trainButton).toBeEnabled();
  await lab.stepButton.click();
  await expect.poll(() => lab.epoch()).toBe(Math.floor(paused) + 2);

  await lab.trainFor(paused + 5);
  // Of long runs not every epoch is kept, but none comes twice and none out of order.
  const epochs = (await lab.history()).map((record) => record.epoch);
  expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  expect(epochs.at(-1)).toBeGreaterThanOrEqual(paused + 5);
});

test("reset goes back to the very same start: the same losses, digit for digit", async ({ lab }) => {
  await lab.open("./#preset=iris&epochs=12");
  await lab.trainToEnd();
  const first = await lab.history();
  expect(first).toHaveLength(12);

  await lab.resetButton.click();
  await expect.poll(() => lab.epoch()).toBe(0);
  expect(await lab.history(), "nothing of the old run is left").toEqual([]);
  await lab.trainToEnd();
  expect(await lab.history()).toEqual(first);
});

test("reset in the middle of training does it too", async ({ lab }) => {
  await lab.open("./#preset=iris&epochs=12");
  await lab.trainToEnd();
  const first = await lab.history();

  // Without an end, and reset while it runs.
  await lab.page.goto("about:blank");
  await lab.open("./#preset=iris");
  await lab.train();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(5);
  await lab.resetButton.click();
  // It stops there, and waits to be started again.
  await expect(lab.trainButton).toBeVisible();
  await lab.train();
  await expect.poll(async () => (await lab.history()).length).toBeGreaterThanOrEqual(12);
  expect((await lab.history()).slice(0, 12)).toEqual(first);
});

test("the learning rate acts while it trains", async ({ lab }) => {
  await lab.open();
  await lab.train();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(2);
  const rate = lab.field("Learning rate");
  await rate.fill("-1");
  await rate.press("Enter");
  await expect(rate, "a rate below the least is said to be so").toHaveAttribute("aria-invalid", "true");
  await expect(lab.root.getByRole("alert").filter({ hasText: /^At least / })).toBeVisible();
  await rate.fill("0.00000001");
  await rate.press("Enter");
  await lab.page.waitForTimeout(500);
  const before = (await lab.history()).length;
  await expect.poll(async () => (await lab.history()).length).toBeGreaterThan(before + 5);
  const losses = (await lab.history()).slice(before + 1).map((record) => record.train.loss);
  const spread = Math.max(...losses) - Math.min(...losses);
  expect(spread, "at a rate of next to nothing the loss stands still").toBeLessThan(0.01);
});

test("a learning rate that diverges stops training, says why, offers a way out and keeps finite weights", async ({ lab }) => {
  await lab.open("./#preset=line&lr=50");
  await lab.trainButton.click();
  await expect.poll(async () => (await lab.lastHeard("stopped"))?.["reason"], { timeout: 30_000 }).toBe("diverged");
  await expect(lab.messages.filter({ hasText: /diverg|learning rate/i })).toBeVisible();
  await expect(lab.trainButton).toBeEnabled();

  const [row] = await lab.predict([["5", null]]);
  expect(row?.value, "the weights that are kept are finite").toBeDefined();
  expect(Number.isFinite(row?.value)).toBe(true);

  await lab.messages.getByRole("button", { name: /learning rate|lower|smaller/i }).first().click();
  await lab.trainButton.click();
  await expect.poll(async () => (await lab.history()).length).toBeGreaterThan(3);
});
