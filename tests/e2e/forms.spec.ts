// Rows that are pictures or sequences: chosen, shown as what they are, learnt by networks made for them.

import type { Configured, TableReport } from "../../www/src/engine/protocol";
import { expect, test } from "./test";

test("the digits come when they are chosen, stand there as pictures, and are learnt by a convolutional network", async ({ lab, page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/data/")) fetched.push(request.url());
  });
  await lab.open();
  expect(fetched, "nothing is fetched before").toEqual([]);
  await lab.root.getByRole("button", { name: "Iris", exact: true }).click();
  await lab.root.getByRole("menuitemradio", { name: /^Digits/ }).click();
  await expect.poll(async () => ((await lab.lastHeard("table"))?.["report"] as TableReport).name).toBe("digits.csv");
  await lab.ready();
  expect(fetched).toHaveLength(1);

  const pictures = lab.root.getByRole("list", { name: "First pictures" });
  await expect(pictures.getByRole("img").first()).toHaveAccessibleName("digit 0");
  const inked = await pictures.locator("canvas").first().evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return { size: [canvas.width, canvas.height], colours: new Set(new Uint32Array(Uint8Array.from(data).buffer)).size };
  });
  expect(inked.size).toEqual([8, 8]);
  expect(inked.colours, "a digit, not a blank").toBeGreaterThan(4);
  await expect(lab.root.getByText("CC BY 4.0")).toBeVisible();

  const summary = (await lab.lastHeard("configured"))?.["summary"] as Configured;
  expect(summary.layers.map(({ type }) => type)).toEqual(["conv2d", "max_pooling2d", "conv2d", "flatten", "dense"]);
  await expect(lab.root.getByRole("button", { name: /^conv2d 8×8×8 relu/ })).toBeVisible();

  await lab.root.getByRole("combobox", { name: "Speed" }).selectOption("full");
  await lab.trainFor(8);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.9);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});

test("a link opens the digits", async ({ lab }) => {
  await lab.open("./#preset=digits");
  expect(((await lab.lastHeard("table"))?.["report"] as TableReport).form).toEqual({
    image: { height: 8, width: 8, channels: 1 },
  });
  expect(lab.page.url()).toContain("preset=digits");
});

test("parentheses stand there as sequences, and a recurrent network learns to count", async ({ lab }) => {
  await lab.open("./#preset=parentheses");
  const sequences = lab.root.getByRole("list", { name: "First sequences" });
  await expect(sequences.getByRole("listitem").first()).toContainText(/balanced/);
  await lab.root.getByRole("combobox", { name: "Speed" }).selectOption("full");
  await lab.trainFor(30);
  await expect.poll(() => lab.share(/^Test accuracy$/)).toBeGreaterThan(0.85);
});

test("attention finds letters that come again", async ({ lab }) => {
  await lab.open("./#preset=repeats");
  await expect(lab.root.getByRole("tab", { name: /attention/i })).toBeVisible();
  await lab.root.getByRole("combobox", { name: "Speed" }).selectOption("full");
  await lab.trainFor(30);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.9);
});
