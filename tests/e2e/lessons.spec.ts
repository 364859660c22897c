// The two presets that every course starts with, and the other data sets of the menu.

import { expect, test } from "./test";

test("the line: 100 epochs find y = 3x + 2 to within its noise and answer for 0, 5 and 10", async ({ lab }) => {
  await lab.open();
  await lab.choose("Line");
  await lab.trainToEnd();
  expect(await lab.epoch()).toBe(100);

  const rmse = Number(await lab.reading(/^Test RMSE$/).innerText());
  expect(rmse ** 2, "test MSE about the noise's variance of 1").toBeGreaterThan(0.5);
  expect(rmse ** 2).toBeLessThan(1.7);

  const answers = await lab.predict([["0", null], ["5", null], ["10", null]]);
  const [at0, at5, at10] = answers.map((row) => row.value ?? NaN) as [number, number, number];
  const slope = (at10 - at0) / 10;
  expect(slope).toBeGreaterThan(2.85);
  expect(slope).toBeLessThan(3.15);
  expect(at5, "a line is straight").toBeCloseTo((at0 + at10) / 2, 3);

  // The table beside the plot says the same, rounded.
  const shown = lab.root.getByRole("table", { name: "Predictions" }).getByRole("row");
  for (const [index, value] of [at0, at5, at10].entries()) {
    const cell = shown.nth(index + 1).getByRole("cell").last();
    await expect.poll(async () => Math.abs(Number(await cell.innerText()) - value)).toBeLessThan(0.01);
  }
});

test("the binary classifier: 64 relu and a sigmoid tell inside from outside, watched on validation data", async ({ lab }) => {
  await lab.open();
  await lab.choose("Binary classifier");
  await lab.trainToEnd();
  const last = (await lab.history()).at(-1);
  expect(last?.epoch).toBe(200);
  expect(last?.validation?.metrics["accuracy"]).toBeGreaterThan(0.9);
  expect(last?.train.loss).toBeLessThan(0.35);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.9);
});

for (const name of ["Two moons", "Circles", "XOR", "Spirals", "Blobs"]) {
  test(`${name} trains at the first click`, async ({ lab }) => {
    await lab.open();
    await lab.choose(name);
    await lab.trainFor(25);
    const history = await lab.history();
    expect(history.at(-1)?.train.loss ?? NaN).toBeLessThan(history[0]?.train.loss ?? NaN);
  });
}
