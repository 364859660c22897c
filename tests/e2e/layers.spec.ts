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

test("what an activation takes is drawn from the schema, trained with, and comes back with the address", async ({ lab }) => {
  await lab.open("./#preset=moons&seed=3");
  await tabs(lab).first().click();
  await lab.root.getByRole("combobox", { name: "Activation", exact: true }).first().selectOption({ label: "Leaky ReLU" });
  await expect(lab.root.getByRole("group", { name: "Leaky ReLU", exact: true })).toBeHidden();
  await lab.root.getByRole("button", { name: "More about this layer" }).click();
  const own = lab.root.getByRole("group", { name: "Leaky ReLU", exact: true });
  const slope = own.getByRole("spinbutton", { name: "Slope below zero" });
  await expect(slope).toHaveValue("0.2");
  await slope.fill("0.4");
  await slope.press("Enter");
  const activation = () =>
    lab.page.evaluate(
      () =>
        (document.querySelector("tabgrad-playground") as unknown as { lab: { state: { choices: { model: ModelSpec } } } })
          .lab.state.choices.model.layers[0]?.["activation"],
    );
  await expect.poll(activation).toEqual({ type: "leaky_relu", negative_slope: 0.4 });
  await expect.poll(() => lab.page.url()).toContain("activation.negative_slope:0.4");
  await lab.ready();
  await lab.trainFor(3);
  const loss = (await lab.history())[0]?.train.loss;
  await lab.page.reload();
  await lab.ready();
  expect(await activation()).toEqual({ type: "leaky_relu", negative_slope: 0.4 });
  await lab.trainFor(3);
  expect((await lab.history())[0]?.train.loss, "the very same training").toBe(loss);

  // One without arguments has no block, and a yes or no is a checkbox.
  await tabs(lab).first().click();
  await lab.root.getByRole("button", { name: "More about this layer" }).click();
  const choice = lab.root.getByRole("combobox", { name: "Activation", exact: true }).first();
  await choice.selectOption({ label: "Tanh" });
  await expect(lab.root.getByRole("group", { name: "Tanh", exact: true })).toBeHidden();
  await choice.selectOption({ label: "GELU" });
  await lab.root.getByRole("group", { name: "GELU", exact: true }).getByRole("checkbox", { name: "Approximate" }).check();
  await expect.poll(activation).toEqual({ type: "gelu", approximate: true });
});

test("a recurrent layer's states are offered as inputs, by name, and a decoder begins with them", async ({ lab }) => {
  test.setTimeout(120_000);
  const net = [
    "embedding(input_dim:9,output_dim:4,name:words)",
    "lstm(units:4,return_state:true,name:encoder)",
    "lstm(units:4,name:decoder,inputs:words+)",
    "dense(units:1,activation:sigmoid)",
  ].join(";");
  await lab.page.goto(`./#preset=repeats&net=${net}`);
  // The encoder's own output is read by nobody yet, which the engine says; until then layers may still be chosen anew.
  await expect(lab.root.locator("tabgrad-layer-bar").getByRole("alert")).toBeVisible();
  await lab.root.getByRole("tab", { name: /^LSTM/ }).last().click();
  await lab.root.getByRole("button", { name: "More about this layer" }).click();
  const inputs = lab.root.getByRole("group", { name: "Inputs" });
  const adder = inputs.getByRole("combobox", { name: "Add an input" });
  const offered = async () => (await adder.getByRole("option").allInnerTexts()).map((text) => text.trim());
  await expect.poll(offered).toContain("encoder:2 – cell state");
  expect(await offered()).toContain("encoder:1 – hidden state");
  await adder.selectOption({ label: "encoder:1 – hidden state" });
  await expect(inputs.getByRole("button", { name: "Take encoder:1 away" })).toBeVisible();
  await adder.selectOption({ label: "encoder:2 – cell state" });
  await expect(inputs.getByRole("button")).toHaveText(["words", "encoder:1", "encoder:2"]);
  await expect(lab.root.locator("tabgrad-layer-bar").getByRole("alert")).toBeHidden();
  await lab.ready();
  await lab.trainFor(2);
});
