// What a layer reads, as chips: each with the output that it is.

import { afterEach, expect, it } from "vitest";
import { FEATURES, firstOf, type Source } from "../engine/names";
import "./define";
import { TabgradInputsField } from "./inputs-field";

if (!customElements.get("tabgrad-inputs-field")) customElements.define("tabgrad-inputs-field", TabgradInputsField);

afterEach(() => document.body.replaceChildren());

async function fieldOf(sources: Source[], further: string[][] = []): Promise<{ field: TabgradInputsField; said: Source[][] }> {
  const field = new TabgradInputsField();
  Object.assign(field, { names: ["embedding", "encoder"], further, sources });
  const said: Source[][] = [];
  field.addEventListener("change", (event) => said.push((event as CustomEvent<Source[]>).detail));
  document.body.append(field);
  await field.updateComplete;
  return { field, said };
}

const state = (output: number): Source => ({ layer: 1, output });

it("names further outputs as the spec does, and takes away the one that is pressed", async () => {
  const { field, said } = await fieldOf([firstOf(FEATURES), state(1), state(2)]);
  const chips = [...field.renderRoot.querySelectorAll("button")];
  expect(chips.map((chip) => chip.textContent?.trim())).toEqual(["features", "encoder:1", "encoder:2"]);
  chips[1]?.click();
  expect(said).toEqual([[firstOf(FEATURES), state(2)]]);
});

it("adds a layer by its first output, which a further one does not stand for, and keeps the others", async () => {
  const { field, said } = await fieldOf([firstOf(0), state(1)]);
  const select = field.renderRoot.querySelector("select") as HTMLSelectElement;
  expect([...select.options].map(({ text }) => text.trim())).toEqual(["add …", "encoder", "features"]);
  select.value = "0";
  select.dispatchEvent(new Event("change"));
  expect(said).toEqual([[firstOf(0), state(1), firstOf(1)]]);
});

it("offers what the engine says that a layer has behind its first output, once each", async () => {
  const { field, said } = await fieldOf([firstOf(0), state(1)], [[], ["hidden state", "cell state"]]);
  const select = field.renderRoot.querySelector("select") as HTMLSelectElement;
  const offered = [...select.options].map(({ text }) => text.trim());
  expect(offered).toEqual(["add …", "encoder", "encoder:2 – cell state", "features"]);
  select.value = "1";
  select.dispatchEvent(new Event("change"));
  expect(said).toEqual([[firstOf(0), state(1), state(2)]]);
});
