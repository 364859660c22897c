// Every test begins with a fresh page that is watched and listened to, and ends by saying what the watch has seen.

import { test as base } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { Lab, listen } from "./lab";
import { Watch } from "./watch";

export { expect } from "@playwright/test";

/** The same site, served without the headers that allow threads. */
export const plainUrl = process.env["TABGRAD_URL_PLAIN"] ?? "";

/** A file of tests/fixtures, by name. */
export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** Iris as a file of one's own: the table that the built-in data are made of. */
export const irisFile = fileURLToPath(new URL("../../crates/data/src/builtin/iris.csv", import.meta.url));

interface Given {
  watch: Watch;
  lab: Lab;
}

export const test = base.extend<Given>({
  watch: [
    async ({ page, baseURL }, use) => {
      const origins = [baseURL, plainUrl].filter((url) => !!url).map((url) => new URL(url ?? "").origin);
      const watch = await Watch.over(page, origins);
      await use(watch);
      const found = await watch.found();
      if (found.length > 0) throw new Error(`the page was not clean:\n${found.join("\n")}`);
    },
    { auto: true },
  ],
  lab: async ({ page, watch: _ }, use) => {
    await listen(page);
    await use(new Lab(page));
  },
});
