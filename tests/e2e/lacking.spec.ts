// A browser that lacks what makes the engine fast: it is slower, says why in words that can be read, and learns the same.
// What is lacking is taken away inside the engine's worker, before its script runs.

import type { Page } from "@playwright/test";
import type { EpochRecord } from "../../www/src/engine/protocol";
import type { Lab } from "./lab";
import { expect, plainUrl, test } from "./test";

/** Scripts for the worker. */
const lacks = {
  /** Workers that start none themselves. */
  nestedWorkers: "delete globalThis.Worker;",
  /** Workers of workers that never say a word. */
  words: "globalThis.Worker = class { addEventListener() {} removeEventListener() {} postMessage() {} };",
  /** Every module with an operation of relaxed SIMD in it; the page's own probe is the shortest of them. */
  relaxedSimd: `{
    const validate = WebAssembly.validate;
    WebAssembly.validate = (bytes) => bytes.byteLength !== 40 && validate(bytes);
  }`,
  /** Shared memories of more than so many pages. */
  memoryAbove: (pages: number) => `{
    const Memory = WebAssembly.Memory;
    globalThis.askedFor = [];
    WebAssembly.Memory = class {
      static [Symbol.hasInstance](it) { return it instanceof Memory; }
      constructor(descriptor) {
        if (descriptor.shared) askedFor.push(descriptor.maximum);
        if (descriptor.shared && descriptor.maximum > ${pages}) throw new RangeError("could not allocate memory");
        return new Memory(descriptor);
      }
    };
  }`,
};

/** Puts a script before that of the engine's worker. */
async function take(page: Page, script: string): Promise<void> {
  await page.context().route(/\/assets\/worker-[^/]*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}

// Wide enough that the work is worth sharing out.
const hash =
  "#preset=spirals&rows=3000&net=dense(units:256,activation:tanh);dense(units:256,activation:relu);dense(units:1,activation:sigmoid)&batch=512&epochs=4";

/** What is learnt without all this, and what the badge says in the end. */
async function learn(lab: Lab, base = "./", says = /thread/): Promise<{ badge: string; history: EpochRecord[] }> {
  await lab.page.goto("about:blank");
  await lab.open(base + hash);
  await lab.trainToEnd();
  await expect(lab.badge).toHaveText(says);
  const badge = (await lab.badge.innerText()).trim();
  // Words, not a tooltip: they are to be read with a finger too.
  await lab.page.setViewportSize({ width: 360, height: 740 });
  await expect(lab.badge).toBeInViewport({ ratio: 1 });
  expect((await lab.badge.innerText()).trim()).toBe(badge);
  await lab.page.setViewportSize({ width: 1280, height: 900 });
  return { badge, history: await lab.history() };
}

test.beforeEach(async ({ page }) => {
  await page.goto("./");
  test.skip((await page.evaluate(() => navigator.hardwareConcurrency)) < 2, "this machine has one core");
});

for (const [what, script, why] of [
  ["no workers inside workers", lacks.nestedWorkers, "this browser starts no threads inside a worker"],
  ["threads that do not start", lacks.words, "the threads did not start within 5 s"],
  ["no memory for threads", lacks.memoryAbove(0), "the browser refused memory for threads"],
] as const) {
  test(`${what}: one thread, the same losses, and the badge says why`, async ({ lab, page }) => {
    const fast = await learn(lab);
    expect(fast.badge).toMatch(/^\d+ threads · relaxed SIMD$/);
    await take(page, script);
    // It learns before its threads have come, and waits for them for a while.
    const slow = await learn(lab, "./", /^1 thread: /);
    expect(slow.badge).toBe(`1 thread: ${why} · relaxed SIMD`);
    expect(slow.history).toHaveLength(4);
    expect(slow.history).toEqual(fast.history);
  });
}

test("no isolation: one thread, the same losses, and the badge says why", async ({ lab }) => {
  const fast = await learn(lab);
  const slow = await learn(lab, plainUrl);
  expect(slow.badge).toBe("1 thread: this page is not isolated · relaxed SIMD");
  expect(slow.history).toEqual(fast.history);
});

test("less memory for threads: as many threads, in the memory that is given", async ({ lab, page }) => {
  const fast = await learn(lab);
  await take(page, lacks.memoryAbove(4096));
  const small = await learn(lab);
  expect(small).toEqual(fast);
  const asked = await page.workers()[0]?.evaluate(() => (globalThis as unknown as { askedFor: number[] }).askedFor);
  expect(asked).toEqual([16_384, 8_192, 4_096]);
});

test("no relaxed SIMD: the same bits with threads and without, and the badge says why", async ({ lab, page }) => {
  const relaxed = await learn(lab);
  await take(page, lacks.relaxedSimd);
  const plain = await learn(lab);
  expect(plain.badge).toMatch(/^\d+ threads · SIMD: this browser has no relaxed SIMD$/);
  await page.context().unrouteAll();
  await take(page, lacks.relaxedSimd + lacks.nestedWorkers);
  const slowest = await learn(lab);
  expect(slowest.badge).toBe(
    "1 thread: this browser starts no threads inside a worker · SIMD: this browser has no relaxed SIMD",
  );
  expect(slowest.history).toEqual(plain.history);
  // Relaxed arithmetic may round otherwise, and learns the same all the same.
  for (const [epoch, { train }] of plain.history.entries()) {
    expect(train.loss).toBeCloseTo(relaxed.history[epoch]?.train.loss ?? NaN, 3);
  }
});
