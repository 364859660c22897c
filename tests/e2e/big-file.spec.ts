// A file of a gigabyte: read as a stream, with progress, and cancelled without the page giving way; and one of a hundred megabytes,
// read to its end.

import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import type { TableReport } from "../../www/src/engine/protocol";
import { expect, test } from "./test";

let folder = "";

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabgrad-"));
});

/** Writes a file of that many bytes, or a few more; how many rows it has. */
async function write(path: string, bytes: number): Promise<number> {
  const lines: string[] = [];
  for (let i = 0; i < 40_000; i++) lines.push(`${(i * 7919) % 1000},${Math.sin(i).toFixed(5)},${i % 2 ? "yes" : "no"}\n`);
  const block = Buffer.from(lines.join(""));
  const file = createWriteStream(path);
  file.write("a,b,label\n");
  let rows = 0;
  for (let written = 0; written < bytes; written += block.length) {
    if (!file.write(block)) await once(file, "drain");
    rows += lines.length;
  }
  file.end();
  await once(file, "close");
  return rows;
}

test.afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("its progress is shown and it can be cancelled; the old table stays", async ({ lab }) => {
  const path = join(folder, "gigabyte.csv");
  await write(path, 1_000_000_000);
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

test("a hundred megabytes are read to their end; of more rows than fit, a sample is learnt from", async ({ lab }) => {
  test.setTimeout(180_000);
  const path = join(folder, "long.csv");
  const rows = await write(path, 100_000_000);
  await lab.open();
  const begin = Date.now();
  await lab.drop(path);
  const report = async () => (await lab.lastHeard("table"))?.["report"] as TableReport | undefined;
  await expect.poll(async () => (await report())?.name, { timeout: 60_000 }).toBe("long.csv");
  const seconds = (Date.now() - begin) / 1000;
  test.info().annotations.push({ type: "speed", description: `${seconds.toFixed(1)} s for 100 MB` });
  const table = await report();
  // Of 6 million cells as many rows as fit.
  expect(table?.rows).toBeGreaterThan(1_000_000);
  expect(table?.rows).toBeLessThanOrEqual(2_000_000);
  const said = `long.csv: it has ${rows} rows, more than fit into memory: ${table?.rows} of them, drawn at random, are used.`;
  expect(table?.issues.map((issue) => issue.message)).toContain(said);
  await expect(lab.root.getByText(said)).toBeVisible();
  await lab.ready();
  // Some steps of the first of its long epochs.
  await lab.train();
  await expect.poll(async () => Number((await lab.lastHeard("frame"))?.["step"] ?? 0)).toBeGreaterThan(10);
  await lab.pause();
});
