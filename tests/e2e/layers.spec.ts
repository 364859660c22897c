// Building a network by hand: the layer menu, branches, and what the engine says of layers that do not fit.

import type { ModelSpec } from "../../www/src/engine/protocol";
import type { Lab } from "./lab";
import { expect, test } from "./test";

const addLayer = (lab: Lab) => lab.root.getByRole("button", { name: "Layer", exact: true });
const search = (lab: Lab) => lab.root.getByRole("combobox", { name: "Search layers" });
const tabs = (lab: Lab) => lab.root.getByRole("tab");

/** Opens the menu, types what one looks for, and takes the first that is found. */
async function add(lab: Lab, words: string): Promise<void> {
  await addLayer(lab).click();
  await search(lab).fill(words);
  await search(lab).press("Enter");
  await expect(search(lab)).toBeHidden();
}

async function layerTypes(lab: Lab): Promise<string[]> {
  const summary = (await lab.lastHeard("configured"))?.["summary"] as { layers: ModelSpec["layers"] } | undefined;
  return summary?.layers.map(({ type }) => type) ?? [];
}

test("layers are found by typing, added with the keyboard, and removed", async ({ lab, page }) => {
  await lab.open();
  await tabs(lab).first().focus();
  await addLayer(lab).focus();
  await page.keyboard.press("Enter");
  await expect(search(lab)).toBeFocused();
  const all = await lab.root.getByRole("option").count();
  await page.keyboard.type("drop");
  await expect.poll(() => lab.root.getByRole("option").count()).toBeLessThan(all);
  await expect(lab.root.getByRole("option", { name: /^Dropout/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(addLayer(lab), "the focus comes back").toBeFocused();
  await expect.poll(() => layerTypes(lab)).toEqual(["dense", "dropout", "dense", "dense"]);

  await lab.root.getByRole("button", { name: "Remove this layer" }).click();
  await expect.poll(() => layerTypes(lab)).toEqual(["dense", "dense", "dense"]);

  await addLayer(lab).click();
  await page.keyboard.press("Escape");
  await expect(search(lab)).toBeHidden();
  await expect(addLayer(lab)).toBeFocused();
});

test("a residual network is built by hand, and learns", async ({ lab }) => {
  await lab.open();
  await lab.root.getByRole("tab", { name: "Dense 6" }).click();
  await lab.field("Units").fill("8");
  await lab.field("Units").press("Enter");
  await expect(lab.root.getByRole("tab", { name: "Dense 8" })).toHaveCount(2);
  await expect.poll(() => layerTypes(lab)).toHaveLength(3);
  await add(lab, "add");
  await expect.poll(() => layerTypes(lab)).toEqual(["dense", "dense", "add", "dense"]);
  const inputs = lab.root.getByRole("group", { name: "Inputs" });
  await expect(inputs.getByRole("button")).toHaveText(["dense", "dense_1"]);
  await lab.trainFor(10);
  const history = await lab.history();
  expect(history.at(-1)?.train.loss ?? NaN).toBeLessThan(history[0]?.train.loss ?? NaN);
});

test("what does not fit is said at the layer, and gone when it fits again", async ({ lab }) => {
  await lab.open();
  await lab.root.getByRole("tab", { name: "Dense 6" }).click();
  await add(lab, "add");
  const refusal = lab.root.locator("tabgrad-layer-bar").getByRole("alert");
  await expect(refusal).toContainText("layers[2]");
  await expect(lab.messages.filter({ hasText: "layers[2]" }), "it is not said twice").toHaveCount(0);

  await tabs(lab).first().click();
  await lab.root.getByRole("button", { name: "Show the layer" }).click();
  await expect(lab.root.getByRole("tab", { name: "Add" })).toHaveAttribute("aria-selected", "true");

  const inputs = lab.root.getByRole("group", { name: "Inputs" });
  await inputs.getByRole("button", { name: "Take dense away" }).click();
  await inputs.getByRole("combobox", { name: "Add an input" }).selectOption({ label: "features" });
  await expect(refusal).toBeVisible();
  await lab.root.getByRole("button", { name: "Remove this layer" }).click();
  await expect(refusal).toBeHidden();
  await expect.poll(() => layerTypes(lab)).toEqual(["dense", "dense", "dense"]);
});

test("two layers share weights, and are changed together", async ({ lab }) => {
  await lab.open();
  await tabs(lab).first().click();
  await add(lab, "dense");
  await expect.poll(() => layerTypes(lab)).toEqual(["dense", "dense", "dense", "dense"]);
  // The first layer takes the features; the second and third can be alike.
  await tabs(lab).nth(1).click();
  await lab.field("Units").fill("6");
  await lab.field("Units").press("Enter");
  await tabs(lab).first().click();
  await lab.field("Units").fill("6");
  await lab.field("Units").press("Enter");
  await tabs(lab).nth(2).click();
  await lab.root.getByRole("button", { name: "More about this layer" }).click();
  const shares = lab.root.getByRole("combobox", { name: "Shares weights with" });
  await shares.selectOption({ label: "dense_1" });
  const parameters = async () => {
    const summary = (await lab.lastHeard("configured"))?.["summary"] as { parameters: number } | undefined;
    return summary?.parameters;
  };
  // 4 x 6 + 6, one 6 x 6 + 6 for both, 6 x 3 + 3.
  await expect.poll(parameters).toBe(30 + 42 + 21);
  await lab.trainFor(3);

  // Another activation for one is one for both: they still fit each other.
  await lab.root.getByRole("combobox", { name: "Activation", exact: true }).first().selectOption({ label: "Tanh" });
  await expect.poll(async () => {
    const summary = (await lab.lastHeard("configured"))?.["summary"] as { layers: { activation?: string }[] } | undefined;
    return summary?.layers.map(({ activation }) => activation);
  }).toEqual(["relu", "tanh", "tanh", "softmax"]);
  await shares.selectOption({ label: "none" });
  await expect.poll(parameters).toBe(30 + 42 + 42 + 21);
});
