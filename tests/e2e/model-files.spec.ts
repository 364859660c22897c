// The model as a file: saved, loaded elsewhere, and damaged on the way.

import { expect, fixture, test } from "./test";
import type { Lab } from "./lab";

const flowers = [
  ["5.1", "3.5", "1.4", "0.2", null],
  ["5.9", "2.8", "4.3", "1.3", null],
  ["6.9", "3.1", "5.8", "2.2", null],
  [null, "3.0", "4.9", "1.8", null],
];

async function trained(lab: Lab) {
  await lab.open();
  await lab.trainFor(20);
  const predictions = await lab.predict(flowers);
  const file = await lab.save();
  return { predictions, file };
}

test("save, reload, load: the same predictions, digit for digit, and training goes on", async ({ lab, page }) => {
  const { predictions, file } = await trained(lab);
  expect(file.name).toMatch(/\.tabgrad$/);
  const epoch = await lab.epoch();

  await page.reload();
  await lab.ready();
  expect(await lab.epoch()).toBe(0);
  await lab.load(file.name, file.bytes);
  await expect.poll(() => lab.epoch()).toBe(epoch);
  expect(await lab.predict(flowers)).toEqual(predictions);
  await expect(lab.trainButton).toBeEnabled();
  await lab.stepButton.click();
  await expect.poll(() => lab.epoch()).toBe(Math.floor(epoch) + 1);
});

test("saved and loaded, training continues with the very losses it would have had", async ({ lab, page }) => {
  await lab.open("./#preset=iris&epochs=8");
  await lab.trainToEnd();
  const file = await lab.save();
  for (let i = 0; i < 4; i++) {
    const before = (await lab.history()).length;
    await lab.stepButton.click();
    await expect.poll(async () => (await lab.history()).length).toBe(before + 1);
  }
  const onwards = (await lab.history()).slice(8);

  await page.reload();
  await lab.ready();
  await lab.load(file.name, file.bytes);
  await expect.poll(() => lab.epoch()).toBe(8);
  await expect(lab.stepButton).toBeEnabled();
  for (let i = 0; i < 4; i++) {
    const epoch = await lab.epoch();
    await lab.stepButton.click();
    await expect.poll(() => lab.epoch()).toBe(epoch + 1);
  }
  const resumed = (await lab.heard()).flatMap((event) => (event.type === "frame" ? (event["history"] as unknown[]) : []));
  expect(resumed.slice(-4)).toEqual(onwards);
});

test("files cut short, altered, newer or foreign get a sentence, and nothing is lost", async ({ lab }) => {
  const { predictions, file } = await trained(lab);
  const { bytes } = file;
  const epoch = await lab.epoch();

  const cut = bytes.subarray(0, bytes.length - 100);
  const cutEarly = bytes.subarray(0, 40);
  const altered = Buffer.from(bytes);
  const place = altered.length - 21;
  altered[place] = (altered[place] ?? 0) ^ 0x40;
  const newer = withVersion(bytes);
  const cases: [string, Buffer, RegExp][] = [
    ["cut.tabgrad", cut, /cut short|incomplete|ends too early|ends before/i],
    ["cut-early.tabgrad", cutEarly, /cut short|incomplete|ends too early|ends before/i],
    ["altered.tabgrad", altered, /altered|damaged|changed|checksum/i],
    ["newer.tabgrad", newer, /version 999.*newest Tabgrad/],
    ["empty.tabgrad", Buffer.alloc(0), /empty|cut short|not a/i],
    ["text.tabgrad", Buffer.from("a,b\n1,2\n"), /not a|no Tabgrad/i],
  ];
  for (const [name, content, says] of cases) {
    await lab.load(name, content);
    const message = lab.messages.filter({ hasText: says });
    await expect(message, name).toBeVisible();
    await expect(message, "the sentence begins with the name of the file").toHaveText(new RegExp(`^\\s*${name} (is|has) `));
    expect((await lab.lastHeard("failed"))?.["command"], name).toBe("load_model");
    expect(await lab.epoch(), `${name}: the model that was there is still there`).toBe(epoch);
    expect(await lab.predict(flowers), name).toEqual(predictions);
  }
  await lab.stepButton.click();
  await expect.poll(() => lab.epoch()).toBe(Math.floor(epoch) + 1);
});

test("a model without its data predicts, and goes on learning when the file is there again", async ({ lab, page }) => {
  await lab.open();
  await lab.drop(fixture("dates.csv"));
  await expect(lab.root.getByText("48 rows, 2 columns")).toBeVisible();
  await lab.ready();
  await lab.trainFor(10);
  const rows = [["2024-05-12", null]];
  const predictions = await lab.predict(rows);
  const file = await lab.save();
  const epoch = await lab.epoch();

  await page.reload();
  await lab.ready();
  await lab.load(file.name, file.bytes);
  await expect.poll(() => lab.epoch()).toBe(epoch);
  expect(await lab.predict(rows)).toEqual(predictions);
  await expect(lab.trainButton, "there are no rows to learn from").toBeDisabled();
});

/** The same file, saying it is of version 999; its checksum, if it covers that, no longer fits, which must not matter. */
function withVersion(bytes: Buffer): Buffer {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString("utf8")) as { __metadata__: Record<string, string> };
  const entry = JSON.parse(header.__metadata__["tabgrad"] ?? "null") as { version: number };
  header.__metadata__["tabgrad"] = JSON.stringify({ ...entry, version: 999 });
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, 0x20)]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([size, padded, bytes.subarray(8 + length)]);
}
