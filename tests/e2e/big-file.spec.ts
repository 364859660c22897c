// A file of a gigabyte: read as a stream, with progress, and cancelled without the page giving way. That a table longer than memory
// becomes a sample of its rows is tested in crates/data.

import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { expect, test } from "./test";

let folder = "";
let path = "";

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabgrad-"));
  path = join(folder, "gigabyte.csv");
  const lines: string[] = [];
  for (let i = 0; i < 40_000; i++) lines.push(`${(i * 7919) % 1000},${Math.sin(i).toFixed(5)},${i % 2 ? "yes" : "no"}\n`);
  const block = Buffer.from(lines.join(""));
  const file = createWriteStream(path);
  file.write("a,b,label\n");
  for (let written = 0; written < 1_000_000_000; written += block.length) {
    if (!file.write(block)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
});

test.afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("its progress is shown and it can be cancelled; the old table stays", async ({ lab }) => {
  await lab.open();
  await lab.drop(path);
  const progress = lab.root.getByRole("progressbar", { name: "Reading gigabyte.csv" });
  await expect(progress).toBeVisible();
  const value = () => progress.evaluate((bar: HTMLProgressElement) => bar.value).catch(() => 0);
  await expect.poll(value, { timeout: 30_000 }).toBeGreaterThan(10_000_000);
  await lab.root.getByRole("button", { name: "Cancel" }).click();
  await expect(lab.root.getByText("150 rows, 5 columns")).toBeVisible();
  await lab.ready();
  await lab.trainFor(3);
});
