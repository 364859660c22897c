// The watch over every test sees what it is there to see.

import { expect, test } from "./test";

test("what is no number is seen wherever it stands: text, attributes, fields, canvases", async ({ lab, page, watch }) => {
  await lab.open();
  expect(await watch.found()).toEqual([]);
  await page.evaluate(() => {
    const text = document.createElement("p");
    text.textContent = "loss: NaN";
    text.title = "null";
    const field = document.createElement("input");
    field.value = "-Infinity";
    const canvas = document.createElement("canvas");
    document.body.append(text, field, canvas);
    canvas.getContext("2d")?.fillText("Infinity", 0, 10);
    canvas.getContext("2d")?.fillText("Nankin", 0, 10);
    new OffscreenCanvas(8, 8).getContext("2d")?.strokeText("undefined", 0, 10);
  });
  await expect.poll(async () => (await watch.found()).sort()).toEqual([
    'on screen: "-Infinity" in <input>',
    'on screen: "Infinity" on a canvas',
    'on screen: "loss: NaN" in <p>',
    'on screen: "undefined" on a canvas',
    'on screen: title="null" of <p>',
  ]);
  watch.allow(/on screen/);
});
