// What goes wrong around the engine: a worker that traps or hangs, no isolation, a hidden tab, a reload in the middle.

import type { EpochRecord } from "../../www/src/engine/protocol";
import { Lab } from "./lab";
import { expect, irisFile, plainUrl, test } from "./test";

/** A flower, as a row of the table. */
const flower = [["5.1", "3.5", "1.4", "0.2", null]];

/** Makes the engine fail and waits until another stands in its place; gives the epoch of the snapshot it began with. */
async function fail(lab: Lab, how: Parameters<Lab["provoke"]>[0]): Promise<number> {
  await lab.provoke(how);
  await expect.poll(async () => (await lab.lastHeard("restarted")) !== undefined, { timeout: 60_000 }).toBe(true);
  const { error, epoch } = (await lab.lastHeard("restarted")) as unknown as { error: { message: string }; epoch: number };
  await expect(lab.root.getByText(error.message).first(), "it is said").toBeVisible();
  await lab.ready();
  return epoch;
}

/** Fails at rest; what was learnt is there again, digit for digit, and goes on. */
async function failAndGoOn(lab: Lab, how: Parameters<Lab["provoke"]>[0]): Promise<void> {
  const [epoch, learnt] = [await lab.epoch(), await lab.predict(flower)];
  expect(await fail(lab, how), "where it stood").toBe(epoch);
  expect(await lab.epoch()).toBe(epoch);
  expect(await lab.predict(flower), "what it knew").toEqual(learnt);
  await lab.trainFor(epoch + 10);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.6);
}

test("a trap in the worker is survived: said, and nothing that was learnt is lost", async ({ lab, watch }) => {
  watch.allow(/console: /);
  await lab.open();
  await lab.trainFor(20);
  await failAndGoOn(lab, "trap");
});

test("a table of one's own survives a trap too", async ({ lab, watch }) => {
  watch.allow(/console: /);
  await lab.open();
  await lab.drop(irisFile);
  await expect.poll(async () => ((await lab.lastHeard("table"))?.["report"] as { name: string } | undefined)?.name).toBe("iris.csv");
  await lab.ready();
  await lab.trainFor(20);
  await failAndGoOn(lab, "trap");
});

test("a trap on a thread of the pool is noticed: one thread goes on with what was learnt", async ({ lab, page, watch }) => {
  watch.allow(/console: /, /uncaught: /);
  await lab.open();
  test.skip((await page.evaluate(() => navigator.hardwareConcurrency)) < 2, "this machine has one core");
  await lab.trainFor(20);
  await failAndGoOn(lab, "trap_in_pool");
  await expect(lab.badge).toHaveText("1 thread: it stopped answering · relaxed SIMD");
});

test("a worker that hangs is given up and replaced by one that knows as much", async ({ lab, watch }) => {
  watch.allow(/console: /);
  await lab.open();
  await lab.trainFor(5);
  await failAndGoOn(lab, "hang");
});

test("after a trap while it trains, the losses to the end are those of a run without one", async ({ lab, watch }) => {
  watch.allow(/console: /);
  await lab.open("./#preset=iris&epochs=120");
  await lab.trainToEnd();
  const whole = await lab.history();
  expect(whole).toHaveLength(120);
  await lab.resetButton.click();
  await expect.poll(() => lab.epoch()).toBe(0);

  await lab.train();
  // At thirty epochs a second some seconds, with a snapshot in each.
  await expect.poll(() => lab.epoch()).toBeGreaterThan(70);
  const epoch = await fail(lab, "trap");
  expect(epoch, "it begins with a snapshot").toBeGreaterThan(0);
  expect(epoch).toBeLessThan(120);
  expect(await lab.epoch()).toBe(epoch);
  const before = (await lab.heard()).findLastIndex((event) => event.type === "restarted");
  await lab.trainToEnd();
  const after = (await lab.heard()).slice(before).flatMap((event) => (event.type === "frame" ? (event["history"] as EpochRecord[]) : []));
  const later = after.filter((record) => record.epoch > epoch);
  expect(later.at(-1)?.epoch).toBe(120);
  expect(later).toEqual(whole.slice(epoch));
});

test("with isolation it runs on threads and the badge says so", async ({ lab, page }) => {
  await lab.open();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  test.skip(cores < 2, "this machine has one core");
  await expect(lab.badge).toHaveText(/[2-9]\d* threads · relaxed SIMD/);
});

test("without isolation it trains on one thread, and the badge says so and why", async ({ lab }) => {
  await lab.open(plainUrl);
  await expect(lab.badge).toHaveText("1 thread: this page is not isolated · relaxed SIMD");
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
  expect(one.badge).toMatch(/^1 thread: /);
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
