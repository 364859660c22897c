// Pictures: the digits are learned by a convolutional network, watched inside, and drawn by hand.

import { stroke } from "./lab";
import { expect, test } from "./test";

test("digits are learned, followed through the layers, and drawn by hand", async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open();
  await lab.choose("Digits");
  await lab.ready();
  await lab.train();
  await expect.poll(() => lab.share("Test accuracy"), { timeout: 120_000 }).toBeGreaterThan(0.9);
  await lab.pause();

  const inside = lab.root.getByRole("group", { name: "Inside" });
  await expect(inside.getByRole("img", { name: /^input: 1 maps of 8 by 8, from 0 to 1$/ })).toBeVisible();
  await expect(inside.getByRole("img", { name: /^conv2d: \d+ maps of \d by \d/ })).toBeVisible();
  const verdict = inside.locator(".aside");
  await expect(verdict).toContainText(/says \d \(\d+(\.\d)? ?%\)/);
  const first = await inside.getByRole("img", { name: /^dense/ }).first().getAttribute("aria-label");
  await inside.getByRole("button", { name: "Next row" }).click();
  await expect(inside.getByRole("img", { name: /^dense/ }).first()).not.toHaveAttribute("aria-label", first ?? "");

  // A stroke from top to bottom.
  const pad = lab.root.getByRole("application", { name: /^Drawing pad of 8 by 8 pixels/ });
  const answer = lab.root.locator("tabgrad-predict-panel output");
  await expect(answer, "an empty pad asks nothing").toBeEmpty();
  await stroke(pad);
  await expect(answer.locator(".best")).toHaveText(/^\s*1\s/);
  const drawn = await answer.innerText();

  // By keyboard: blank, then one pixel.
  await pad.focus();
  await page.keyboard.press("Delete");
  await expect(answer).toBeEmpty();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await expect(answer.locator(".best")).toBeVisible();
  await expect.poll(() => answer.innerText()).not.toBe(drawn);
});
