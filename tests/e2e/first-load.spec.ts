// What a visitor waits for: the page opens, learns and predicts with the first half of the engine alone; the second half
// comes by itself a moment later, with all that explains, and who calls into it before that waits for it.

import type { Page } from "@playwright/test";
import type { Argument, Choice, Kind, Schema } from "../../www/src/engine/protocol";
import { expect, irisFile, plainUrl, test } from "./test";

const rest = /tabgrad_rest\.wasm(\?|$)/;

/** Requests for the second half, as they come. */
function asked(page: Page): string[] {
  const urls: string[] = [];
  page.context().on("request", (request) => {
    if (rest.test(request.url())) urls.push(request.url());
  });
  return urls;
}

for (const [name, url, retries] of [
  // Threads meet in an order of their own: now and then one went a way that the visit of the build did not see. A test that
  // was tried again is named in the closing lines.
  ["with threads", undefined, 2],
  ["with one thread", plainUrl, 0],
] as const) {
  test.describe(name, () => {
    test.describe.configure({ retries });
    test("a first training needs nothing but the first half", async ({ lab, page, watch }) => {
      watch.allow(/tabgrad_rest/);
      const urls: string[] = [];
      await page.context().route(rest, (route) => {
        if (route.request().resourceType() === "xhr") urls.push(route.request().url());
        return route.abort();
      });
      await lab.open(url);
      await lab.trainFor(40);
      expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.85);
      expect((await lab.predict([["5.1", "3.5", "1.4", "0.2", null]]))[0]?.label).toBe("setosa");
      for (const preset of ["Line", "Two moons"]) {
        const networks = async () => (await lab.heard()).filter((event) => event.type === "configured").length;
        const before = await networks();
        await lab.choose(preset);
        await expect.poll(networks).toBeGreaterThan(before);
        await lab.trainFor(20);
      }
      // A worker that lacked it would have died and begun anew, which a patient page hardly notices.
      expect(urls, "nothing asked for the other half").toEqual([]);
      expect(await lab.lastHeard("restarted")).toBeUndefined();
    });
  });
}

test("who needs the second half before it is there waits for it", async ({ lab, page }) => {
  // The one that comes by itself never arrives.
  const urls = asked(page);
  await page.context().route(rest, (route) => (route.request().resourceType() === "xhr" ? route.continue() : route.abort()));
  await lab.open();
  await lab.drop(irisFile);
  await lab.trainFor(20);
  expect(urls.length).toBeGreaterThan(0);
});

test("the second half comes by itself, once", async ({ lab, page }) => {
  const urls = asked(page);
  await lab.open();
  await expect.poll(() => urls.length, { timeout: 20_000 }).toBe(1);
  await lab.trainFor(10);
  expect(urls.length).toBe(1);
});

/** Whatever has a sentence, by where it stands. */
function entries(schema: Schema): [string, Choice | Argument][] {
  const kinds = Object.entries(schema).flatMap(([list, kinds]: [string, Kind[]]) =>
    kinds.map((kind): [string, Kind] => [`${list}.${kind.type}`, kind]),
  );
  return kinds.flatMap(([place, kind]) => [
    [place, kind],
    ...kind.arguments.flatMap((argument): [string, Choice | Argument][] => [
      [`${place}.${argument.name}`, argument],
      ...(argument.choices ?? []).map((choice): [string, Choice] => [`${place}.${argument.name}.${choice.type}`, choice]),
    ]),
  ]);
}

test("sentences come with the second half, also into a menu that is open already", async ({ lab, page }) => {
  let bring = () => {};
  const brought = new Promise<void>((resolve) => {
    bring = resolve;
  });
  await page.context().route(rest, async (route) => {
    await brought;
    await route.continue();
  });
  await lab.open();
  await lab.root.getByRole("button", { name: "Layer", exact: true }).click();
  const dense = lab.root.getByRole("option", { name: /^Dense/ });
  await expect(dense).toHaveText("Dense");
  const before = (await lab.lastHeard("ready"))?.["schema"] as Schema;
  expect(entries(before).filter(([, { doc }]) => doc !== "").map(([place]) => place)).toEqual([]);

  bring();
  await expect(dense).toContainText("Every input is connected with every unit");
  const schema = (await lab.lastHeard("explained"))?.["schema"] as Schema;
  const all = entries(schema);
  expect(all.length).toBeGreaterThan(800);
  expect(all.filter(([, { doc }]) => !/^\S.*\.$/.test(doc)).map(([place]) => place), "all have a sentence").toEqual([]);
  const bare = (schema: Schema) => entries(schema).map(([place, entry]) => [place, entry.label]);
  expect(bare(schema), "and nothing else is new").toEqual(bare(before));
  const told = (place: string) => all.find(([it]) => it === place)?.[1].doc;
  expect(told("layers.conv2d.padding.same")).toMatch(/^Zeros around the input/);
  expect(told("activations.hard_shrink.threshold")).toBe("What is nearer to zero than this becomes zero.");
  expect(told("metrics.auc.num_thresholds")).toBeTruthy();
});
