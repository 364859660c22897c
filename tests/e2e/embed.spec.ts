// embed.html: a page of text with two playgrounds and a third in an iframe, each with its own data, all alive at once.

import { expect, test } from "./test";
import { Lab } from "./lab";

test("three playgrounds live side by side, each with data of its own", async ({ page, lab: _ }) => {
  await page.goto("embed.html");
  const here = page.locator("tabgrad-playground");
  await expect(here).toHaveCount(2);
  const inside = page.frameLocator("iframe").locator("tabgrad-playground");
  const labs = [new Lab(page, here.nth(0), 0), new Lab(page, here.nth(1), 1), new Lab(page, inside, 0)];
  const names = new Set<string>();
  for (const lab of labs) {
    await lab.root.scrollIntoViewIfNeeded();
    await lab.ready();
    names.add(await lab.root.locator("tabgrad-data-menu").getByRole("button").first().innerText());
  }
  expect(names.size, "three different data sets").toBe(3);
  for (const lab of labs) {
    await lab.root.scrollIntoViewIfNeeded();
    await lab.trainButton.click();
  }
  // One goes on while the others are paused, and none disturbs another.
  for (const lab of labs) {
    await lab.root.scrollIntoViewIfNeeded();
    await expect.poll(() => lab.epoch(), { timeout: 30_000 }).toBeGreaterThan(3);
    await lab.pause();
  }
  const [first, second] = labs as [Lab, Lab, Lab];
  await first.resetButton.click();
  await expect.poll(() => first.epoch()).toBe(0);
  expect(await second.epoch()).toBeGreaterThan(3);
});

test("a playground that is taken out of the page stops its engine, and one that is put in starts", async ({ page, lab }) => {
  await page.goto("embed.html");
  const first = new Lab(page, page.locator("tabgrad-playground").first());
  await first.ready();
  const workers = page.workers().length;
  expect(workers).toBeGreaterThan(0);
  await page.evaluate(() => document.querySelector("tabgrad-playground")?.remove());
  await expect.poll(() => page.workers().length).toBeLessThan(workers);
  await page.evaluate(() => document.body.append(document.createElement("tabgrad-playground")));
  const added = new Lab(page, lab.root.last());
  await added.ready();
});

test("a page of somebody else names one script and has a playground", async ({ page, lab, baseURL }) => {
  const host = new URL("somebody/else.html", baseURL).href;
  await page.route(host, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: '<!doctype html><title>Else</title><script type="module" src="../tabgrad.js"></script><tabgrad-playground data="moons"></tabgrad-playground>',
    }),
  );
  await page.goto(host);
  await lab.ready();
  await lab.trainButton.click();
  await expect.poll(() => lab.epoch(), { timeout: 30_000 }).toBeGreaterThan(3);
});
