// What goes wrong around the engine: a worker that traps or hangs, no isolation, a hidden tab, a reload in the middle.

import { Lab } from "./lab";
import { expect, plainUrl, test } from "./test";

test("a trap in the worker is survived: said, and training goes on from the last snapshot", async ({ lab, watch }) => {
  watch.allow(/console: /);
  await lab.open();
  await lab.trainFor(20);
  await lab.provoke("trap");
  await expect.poll(async () => (await lab.lastHeard("restarted")) !== undefined, { timeout: 30_000 }).toBe(true);
  const said = ((await lab.lastHeard("restarted"))?.["error"] as { message: string } | undefined)?.message ?? "";
  await expect(lab.root.getByText(said).first()).toBeVisible();
  const epoch = await lab.epoch();
  await lab.trainFor(epoch + 10);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.6);
  expect((await lab.predict([["5.1", "3.5", "1.4", "0.2", null]]))[0]?.label).toBeDefined();
});

test("a trap while training is survived too", async ({ lab, watch }) => {
  watch.allow(/console: /);
  await lab.open();
  await lab.train();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(5);
  await lab.provoke("trap");
  await expect.poll(async () => (await lab.lastHeard("restarted")) !== undefined, { timeout: 30_000 }).toBe(true);
  await expect(lab.trainButton).toBeEnabled();
  const epoch = await lab.epoch();
  await lab.trainFor(epoch + 5);
});

test("a worker that hangs is given up and replaced", async ({ lab, watch }) => {
  watch.allow(/console: /);
  await lab.open();
  await lab.trainFor(5);
  await lab.provoke("hang");
  await expect.poll(async () => (await lab.lastHeard("restarted")) !== undefined, { timeout: 60_000 }).toBe(true);
  const epoch = await lab.epoch();
  await lab.trainFor(epoch + 5);
});

test("with isolation it runs on threads and the badge says so", async ({ lab, page }) => {
  await lab.open();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  test.skip(cores < 2, "this machine has one core");
  await expect(lab.badge).toHaveText(/[2-9]\d* threads · relaxed SIMD/);
});

test("without isolation it trains on one thread, and the badge says so and why", async ({ lab }) => {
  await lab.open(plainUrl);
  await expect(lab.badge).toHaveText(/^\s*1 thread · /);
  await expect(lab.badge).toHaveAttribute("aria-description", /isolated/);
  await lab.trainFor(30);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.85);
});

test("one thread and several give the same losses, digit for digit", async ({ lab, page }) => {
  await page.goto("./");
  test.skip((await page.evaluate(() => navigator.hardwareConcurrency)) < 2, "this machine has one core");
  // Wide enough that the work is worth sharing out.
  const hash =
    "#preset=spirals&rows=3000&net=dense(units:256,activation:tanh);dense(units:256,activation:relu);dense(units:1,activation:sigmoid)&batch=512&epochs=6";
  const run = async (base: string) => {
    await page.goto("about:blank");
    await lab.open(`${base}${hash}`);
    await lab.root.getByRole("button", { name: "More", exact: true }).click();
    await lab.root.getByRole("checkbox", { name: "Reproducible" }).check();
    // That made another engine, the second of this page.
    const again = new Lab(page, lab.root, 1);
    await expect(again.badge).toHaveText(/thread.* · SIMD/);
    await again.ready();
    await again.trainToEnd();
    return { badge: await again.badge.innerText(), history: await again.history() };
  };
  const several = await run("./");
  const one = await run(plainUrl);
  expect(several.badge).toMatch(/[2-9]\d* threads/);
  expect(one.badge).toContain("1 thread");
  expect(several.history).toHaveLength(6);
  expect(one.history).toEqual(several.history);
});

test("training goes on in a hidden tab", async ({ lab, page, context }) => {
  await lab.open();
  await lab.train();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(2);
  const other = await context.newPage();
  await other.bringToFront();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
    Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
    // A hidden page draws no frames.
    globalThis.requestAnimationFrame = () => 0;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const steps = async () => Number((await lab.lastHeard("frame"))?.["step"]);
  const before = await steps();
  await expect.poll(steps, { timeout: 20_000 }).toBeGreaterThan(before + 50);
  await other.close();
});

test("a reload in the middle keeps nothing half-written", async ({ lab, page }) => {
  await lab.open();
  await lab.train();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(3);
  await page.reload();
  await lab.ready();
  expect(await lab.epoch()).toBe(0);
  expect(await lab.history()).toEqual([]);
  const kept = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map((database) => database.name),
    caches: await caches.keys(),
    local: Object.keys(localStorage).filter((key) => !/theme|shortcut|reproducible/i.test(key)),
    session: Object.keys(sessionStorage),
  }));
  expect(kept).toEqual({ databases: [], caches: [], local: [], session: [] });
  await lab.trainFor(5);
});

test("many changes while it trains leave it whole", async ({ lab }) => {
  await lab.open();
  await lab.train();
  for (const preset of ["Two moons", "Line", "Iris"]) {
    await lab.choose(preset);
    // New data stop what ran on the old.
    await expect(lab.trainButton).toBeEnabled();
    await lab.train();
    await expect.poll(async () => (await lab.history()).length).toBeGreaterThan(2);
  }
  const batch = lab.field("Batch");
  for (const size of ["1", "64", "7"]) {
    await batch.fill(size);
    await batch.press("Enter");
    await lab.page.waitForTimeout(250);
  }
  // Another batch size does not: it goes on by itself.
  await expect(lab.pauseButton).toBeVisible();
  const before = (await lab.heard()).length;
  await expect.poll(async () => (await lab.heard()).length).toBeGreaterThan(before + 5);
  for (const record of await lab.history()) expect(Number.isFinite(record.train.loss)).toBe(true);
});
