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

/** Taken, with the sentences that the page says about it, each behind the file's name; those without one have nothing to be told. */
const taken: [string, string[]][] = [
  [
    "ragged.csv",
    [
      " line 6: 2 lines have too few cells (lines 6, 22); the rest counts as missing.",
      " line 11: it has more cells than there are columns; what is too much was left out.",
    ],
  ],
  ["utf16le.csv", [": it is not UTF-8 and was read as UTF-16 LE; check that special characters look right."]],
  ["utf16be.csv", [": it is not UTF-8 and was read as UTF-16 BE; check that special characters look right."]],
  ["latin1.csv", [": it is not UTF-8 and was read as Windows-1252; check that special characters look right."]],
  ["utf8_bom.csv", []],
  [
    "duplicate_names.csv",
    [' line 1, column "size (2)": 2 columns have names that stand there already; they are called "size (2)", "size (3)".'],
  ],
  ["quotes.csv", []],
  ["unclosed_quote.csv", [" line 42: it has a quote that is never closed; the quote was left out."]],
  ["semicolon_decimal_comma.csv", []],
  ["tabs.tsv", []],
  [
    "nan_and_inf.csv",
    [' line 2, column "a": 5 values are no numbers to compute with, the first is "NaN"; they count as missing.'],
  ],
  [
    "overflowing_numbers.csv",
    [' line 5, column "a": 4 values are no numbers, the first is "1e999"; they count as missing.'],
  ],
  ["huge_numbers.csv", []],
  [
    "constant_column.csv",
    [', column "always": every value is "3", so there is nothing to learn from it and it is not used.'],
  ],
  ["all_missing_column.csv", [', column "nothing": no row has a value, so it is not used.']],
  [
    "missing_targets.csv",
    [' line 4, column "bought": 5 rows have no value of the target, the first in this line; they are left out.'],
  ],
  ["dates.csv", [" line 16: 12 duplicate rows repeat an earlier one, the first in this line; they are kept."]],
  ["ids.csv", []],
  ["rare_class.csv", []],
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

for (const [name, says] of taken) {
  test(`${name} is taken and trains to finite losses`, async ({ lab, watch }) => {
    // Where the file's own cells are shown or quoted, they are shown as they stand there.
    if (name === "nan_and_inf.csv") watch.allow(/^on screen: "-?(NaN|Infinity)" in <td>$/, /the first is "NaN"/);
    await lab.open();
    const before = (await lab.heard()).filter((event) => event.type === "configured").length;
    await lab.drop(fixture(name));
    await expect.poll(async () => (await lab.heard()).filter((event) => event.type === "configured").length).toBeGreaterThan(before);
    expect((await lab.lastHeard("table"))?.["report"]).toMatchObject({ name, source: "file" });
    await lab.ready();
    const issues = lab.root.locator("li.issue");
    for (const sentence of says) {
      await expect(issues.filter({ hasText: `${name}${sentence}` }), sentence).toBeVisible();
    }
    if (says.length === 0) await expect(issues.filter({ hasText: name })).toHaveCount(0);
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
