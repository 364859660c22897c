// Files that are no tables, or tables that cannot be learnt from: one sentence naming the file, and the old table stays.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, fixture, test } from "./test";

/** Refused: what the sentence has to say besides the file's name. */
const refused: [string, RegExp][] = [
  ["empty.csv", /is empty/],
  ["blank_lines.csv", /is empty/],
  ["header_only.csv", /no rows/],
  ["png_renamed.csv", /PNG/i],
  ["zip_renamed.csv", /ZIP|Excel/i],
  ["noise_renamed.csv", /not a table/],
  ["page_renamed.csv", /HTML|web page/i],
];

/** Taken, with something said or changed about it. */
const taken: string[] = [
  "ragged.csv",
  "utf16le.csv",
  "utf16be.csv",
  "latin1.csv",
  "utf8_bom.csv",
  "duplicate_names.csv",
  "quotes.csv",
  "unclosed_quote.csv",
  "semicolon_decimal_comma.csv",
  "tabs.tsv",
  "nan_and_inf.csv",
  "overflowing_numbers.csv",
  "huge_numbers.csv",
  "constant_column.csv",
  "all_missing_column.csv",
  "missing_targets.csv",
  "dates.csv",
  "ids.csv",
  "rare_class.csv",
];

test("what is no table is refused with a sentence, and the table and network that were there go on", async ({ lab }) => {
  await lab.open();
  await lab.trainFor(3);
  const before = await lab.history();
  for (const [name, says] of refused) {
    await lab.drop(fixture(name));
    const message = lab.messages.filter({ hasText: name });
    await expect(message, name).toBeVisible();
    await expect(message, name).toHaveText(says);
    await expect(lab.root.getByText("150 rows, 5 columns"), `${name}: Iris is still there`).toBeVisible();
  }
  expect((await lab.lastHeard("failed"))?.["command"]).toBe("load_file");
  expect(await lab.history(), "nothing of the run is lost").toEqual(before);
  await lab.stepButton.click();
  await expect.poll(async () => (await lab.history()).length).toBe(before.length + 1);
});

for (const name of taken) {
  test(`${name} is taken and trains to finite losses`, async ({ lab, watch }) => {
    // The cells as they stand in the file are shown as such: those words are the file's own.
    if (name === "nan_and_inf.csv") watch.allow(/on screen: "?(NaN|-?Infinity)/);
    await lab.open();
    const before = (await lab.heard()).filter((event) => event.type === "configured").length;
    await lab.drop(fixture(name));
    await expect.poll(async () => (await lab.heard()).filter((event) => event.type === "configured").length).toBeGreaterThan(before);
    expect((await lab.lastHeard("table"))?.["report"]).toMatchObject({ name, source: "file" });
    await lab.ready();
    await lab.trainFor(5);
    for (const record of await lab.history()) expect(Number.isFinite(record.train.loss), `epoch ${record.epoch}`).toBe(true);
  });
}

test("a target that cannot be learnt is said to be so, wherever it comes from", async ({ lab }) => {
  await lab.open();
  for (const [name, says] of [
    ["one_class.csv", /one class/],
    ["constant_target.csv", /every value|never changes|same value/],
    ["all_missing_target.csv", /no row has a value|no value/],
    ["too_many_classes.csv", /too many classes|260|520/],
    ["one_column.csv", /no usable column|at least one column|one column/],
  ] as const) {
    await lab.drop(fixture(name));
    // The sentence is an error where nothing can be done, or a note of the table whose target was chosen elsewhere.
    await expect(lab.root.getByText(says).first(), name).toBeVisible();
  }
});

test("10,000 columns are refused or learnt from, and the page stays alive", async ({ lab }) => {
  const folder = await mkdtemp(join(tmpdir(), "tabgrad-"));
  try {
    const columns = 10_000;
    const head = Array.from({ length: columns }, (_, i) => `c${i}`).join(",");
    const rows = Array.from({ length: 40 }, (_, r) => Array.from({ length: columns }, (_, c) => (r * 31 + c * 17) % 101).join(","));
    const path = join(folder, "wide.csv");
    await writeFile(path, [head, ...rows, ""].join("\n"));
    await lab.open();
    await lab.drop(path);
    const answer = lab.root.getByText("40 rows, 10,000 columns").or(lab.messages.filter({ hasText: "10,000 columns" }));
    await expect(answer.first()).toBeVisible({ timeout: 30_000 });
    await lab.ready();
    await lab.train();
    await expect.poll(async () => (await lab.history()).length, { timeout: 60_000 }).toBeGreaterThan(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
