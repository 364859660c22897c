// The promise that nothing leaves the machine is in the pages themselves: it holds on a host that sends no header of ours.

import type { Page } from "@playwright/test";
import { expect, plainUrl, test } from "./test";

/** Serves pages and all else as a host would that knows nothing of us. */
async function withoutHeaders(page: Page): Promise<void> {
  await page.context().route(`${plainUrl}**`, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    delete headers["content-security-policy"];
    await route.fulfill({ response, headers });
  });
}

test.afterEach(async ({ page }) => {
  // A page may end in the middle of a file.
  await page.context().unrouteAll({ behavior: "ignoreErrors" });
});

for (const path of ["", "embed.html", "frame.html", "gallery.html", "proof.html"]) {
  test(`no page of ours lets anything out: ${path || "index.html"}`, async ({ page, watch }) => {
    watch.allow(/elsewhere\.invalid/);
    await withoutHeaders(page);
    await page.goto(plainUrl + path);
    const refused = await page.evaluate(async () => {
      const violated: string[] = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violated.push(effectiveDirective));
      await fetch("https://elsewhere.invalid/").catch(() => {});
      navigator.sendBeacon("https://elsewhere.invalid/", "rows");
      const image = new Image();
      image.src = "https://elsewhere.invalid/rows.png";
      await new Promise((resolve) => setTimeout(resolve, 100));
      return violated;
    });
    expect(refused.sort()).toEqual(["connect-src", "connect-src", "img-src"]);
  });
}

test("the page works under its own policy alone", async ({ lab, page }) => {
  await withoutHeaders(page);
  await lab.open(plainUrl);
  await lab.trainFor(30);
  expect(await lab.share(/^Test accuracy$/)).toBeGreaterThan(0.85);
});
