// A file of a gigabyte: read as a stream, with progress, and cancelled or finished without the page or the memory giving way.

import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { expect, test } from "./test";

test("a file of a gigabyte shows its progress and can be cancelled; the old table stays", async ({ lab }) => {
  test.setTimeout(180_000);
  const folder = await mkdtemp(join(tmpdir(), "tabgrad-"));
  try {
    const path = join(folder, "gigabyte.csv");
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
  } finally {
    await rm(folder, { recursive: true });
  }
});
