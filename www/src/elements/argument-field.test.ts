// Every kind of argument has its control, and says what was chosen in the engine's words.

import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Argument, Spec } from "../engine/protocol";
import { layerKind, testingSchema } from "../store/testing-schema";
import "./define";
import type { TabgradArgumentField } from "./argument-field";
import { isBlock } from "./kind-arguments";
import { TabgradKindField } from "./kind-field";
import { TabgradKindsField } from "./kinds-field";
import { TabgradLayerMore } from "./layer-more";
import { TabgradListField } from "./list-field";
import type { TabgradNumberField } from "./number-field";
import type { TabgradSelectField } from "./select-field";

beforeAll(() => {
  const parts = { "tabgrad-layer-more": TabgradLayerMore, "tabgrad-kind-field": TabgradKindField, "tabgrad-kinds-field": TabgradKindsField, "tabgrad-list-field": TabgradListField };
  for (const [name, part] of Object.entries(parts)) if (!customElements.get(name)) customElements.define(name, part);
});

afterEach(() => document.body.replaceChildren());

async function fieldFor(argument: Argument, value?: unknown): Promise<{ field: TabgradArgumentField; said: unknown[] }> {
  const field = document.createElement("tabgrad-argument-field") as TabgradArgumentField;
  Object.assign(field, { argument, schema: testingSchema, value });
  const said: unknown[] = [];
  field.addEventListener("change", (event) => said.push((event as CustomEvent).detail));
  document.body.append(field);
  await settled(field);
  return { field, said };
}

async function settled(field: TabgradArgumentField): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await field.updateComplete;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** The first element of a name, in whatever shadow root it stands. */
function deep<T extends Element>(root: ParentNode, selector: string): T {
  const found = everything(root).find((element) => element.matches(selector));
  if (!found) throw new Error(`no ${selector}`);
  return found as T;
}

const everything = (root: ParentNode): Element[] =>
  [...root.querySelectorAll("*")].flatMap((element) => [
    element,
    ...(element.shadowRoot ? everything(element.shadowRoot) : []),
  ]);

function argumentOf(type: string, name: string): Argument {
  const found = layerKind(type).arguments.find((argument) => argument.name === name);
  if (!found) throw new Error(`${type} has no ${name}`);
  return found;
}

function choose(select: TabgradSelectField, type: string): void {
  select.dispatchEvent(new CustomEvent("change", { detail: type }));
}

describe("lists of kinds", () => {
  const kinds = testingSchema.callbacks ?? [];

  async function listOf(value: Spec[], open: boolean): Promise<{ list: TabgradKindsField; said: Spec[][] }> {
    const list = new TabgradKindsField();
    Object.assign(list, { what: "callback", kinds, value, schema: testingSchema, open });
    const said: Spec[][] = [];
    list.addEventListener("change", (event) => said.push((event as CustomEvent<Spec[]>).detail));
    document.body.append(list);
    await list.updateComplete;
    return { list, said };
  }

  it("add a kind at its defaults and take one away", async () => {
    const { list, said } = await listOf(["terminate_on_nan"], true);
    const select = deep<HTMLSelectElement>(list.renderRoot, "select[aria-label='Add a callback']");
    expect([...select.options].map(({ value }) => value)).toEqual(["", "early_stopping"]);
    select.value = "early_stopping";
    select.dispatchEvent(new Event("change"));
    const added = { type: "early_stopping", patience: 10, restore_best_weights: true };
    expect(said).toEqual([["terminate_on_nan", added]]);
    deep<HTMLButtonElement>(list.renderRoot, "button").click();
    expect(said[1]).toEqual([]);
  });

  it("have several of a kind that takes arguments, but none without twice", async () => {
    const { list, said } = await listOf(["terminate_on_nan", { type: "early_stopping", patience: 3 }], true);
    const select = deep<HTMLSelectElement>(list.renderRoot, "select[aria-label='Add a callback']");
    expect([...select.options].map(({ value }) => value)).toEqual(["", "early_stopping"]);
    select.value = "early_stopping";
    select.dispatchEvent(new Event("change"));
    const [two] = said;
    expect(two?.slice(1)).toEqual([
      { type: "early_stopping", patience: 3 },
      { type: "early_stopping", patience: 10, restore_best_weights: true },
    ]);
    list.value = two ?? [];
    await list.updateComplete;
    // Each has a name of its own, for its button too.
    const bins = everything(list.renderRoot).map((it) => it.getAttribute("aria-label")).filter((label) => label?.startsWith("Take"));
    expect(new Set(bins).size).toBe(3);
  });

  it("change an argument of one of them", async () => {
    const { list, said } = await listOf(["terminate_on_nan", { type: "early_stopping", patience: 3 }], true);
    deep(list.renderRoot, "tabgrad-argument-field").dispatchEvent(new CustomEvent("change", { detail: 5 }));
    expect(said).toEqual([["terminate_on_nan", { type: "early_stopping", patience: 5 }]]);
  });
});

describe("argument fields", () => {
  it("draw every argument of every layer", async () => {
    for (const layer of testingSchema.layers) {
      for (const argument of layer.arguments) {
        const { field } = await fieldFor(argument);
        expect(everything(field.renderRoot).some((it) => it.matches("input, select")), `${layer.type}.${argument.name}`).toBe(true);
        field.remove();
      }
    }
  });

  it("take a list as it is typed", async () => {
    const { field, said } = await fieldFor(argumentOf("conv2d", "kernel_size"));
    const input = deep<HTMLInputElement>(field.renderRoot, "input");
    expect(input.value).toBe("3");
    input.value = "5x3";
    input.dispatchEvent(new Event("change"));
    input.value = "none at all";
    input.dispatchEvent(new Event("change"));
    await settled(field);
    expect(said).toEqual([[5, 3]]);
    expect(deep(field.renderRoot, "[role=alert]").textContent).toContain("none");
  });

  it("choose a kind with its arguments at their defaults, change one of them, and go back to none", async () => {
    const { field, said } = await fieldFor(argumentOf("dense", "kernel_regularizer"));
    choose(deep(field.renderRoot, "tabgrad-select-field"), "orthogonal_regularizer");
    expect(said).toEqual([{ type: "orthogonal_regularizer", factor: 0.01, mode: "rows" }]);

    field.value = said[0];
    await settled(field);
    const number = deep(field.renderRoot, "tabgrad-number-field");
    number.dispatchEvent(new CustomEvent("change", { detail: 0.5 }));
    expect(said[1]).toEqual({ type: "orthogonal_regularizer", factor: 0.5, mode: "rows" });

    choose(deep(field.renderRoot, "tabgrad-select-field"), "");
    expect(said[2]).toBeNull();
  });

  it("write a kind without arguments as its bare name", async () => {
    const { field, said } = await fieldFor(argumentOf("dense", "kernel_constraint"));
    choose(deep(field.renderRoot, "tabgrad-select-field"), "non_neg");
    expect(said).toEqual(["non_neg"]);
  });

  it("make a rate a schedule and a schedule a rate again", async () => {
    const rate = testingSchema.optimizers[0]?.arguments[0] as Argument;
    const { field, said } = await fieldFor(rate, 0.03);
    choose(deep(field.renderRoot, "tabgrad-select-field"), "exponential_decay");
    expect(said[0]).toMatchObject({ type: "exponential_decay", decay_rate: 0.9 });
    expect(said[0], "from the rate that there was").toMatchObject({ initial_learning_rate: 0.03 });
    choose(deep(field.renderRoot, "tabgrad-select-field"), "linear_warmup");
    expect(said[1], "up to the rate that there was").toMatchObject({ initial_learning_rate: 0, schedule: 0.03 });
    field.value = { type: "exponential_decay", initial_learning_rate: 0.02, decay_steps: 10 };
    await settled(field);
    choose(deep(field.renderRoot, "tabgrad-select-field"), "");
    expect(said[2]).toBe(0.02);
  });

  it("show an activation by its function, with what it takes; another replaces it", async () => {
    const activation = argumentOf("dense", "activation");
    const { field, said } = await fieldFor(activation, { type: "leaky_relu", negative_slope: 0.3 });
    const select = deep<TabgradSelectField>(field.renderRoot, "tabgrad-select-field");
    expect(deep<HTMLOptionElement>(select.renderRoot, "option[selected]").value).toBe("leaky_relu");
    const slope = deep<TabgradNumberField>(field.renderRoot, "tabgrad-number-field");
    expect(slope.value).toBe(0.3);
    slope.dispatchEvent(new CustomEvent("change", { detail: 0.5 }));
    choose(select, "gelu");
    expect(said, "at its defaults it is its name").toEqual([{ type: "leaky_relu", negative_slope: 0.5 }, "gelu"]);
    expect(isBlock(activation, "leaky_relu", testingSchema)).toBe(true);
    expect(isBlock(activation, { type: "softmax" }, testingSchema), "a choice alone").toBe(false);
    expect(isBlock(argumentOf("dense", "kernel_regularizer"), { type: "l2", l2: 0.1 }, testingSchema)).toBe(true);
  });

  it("in sight show an activation's choice alone, and its arguments with the rest about the layer", async () => {
    const activation = argumentOf("dense", "activation");
    const { field } = await fieldFor(activation, "leaky_relu");
    field.inline = true;
    await settled(field);
    expect(everything(field.renderRoot).some((element) => element.matches("tabgrad-number-field"))).toBe(false);

    const more = new TabgradLayerMore();
    Object.assign(more, {
      layer: { type: "dense", units: 3, activation: "leaky_relu" },
      arguments: [],
      inSight: [argumentOf("dense", "units"), activation],
      schema: testingSchema,
    });
    const said: unknown[] = [];
    more.addEventListener("change-layer", (event) => said.push((event as CustomEvent).detail));
    document.body.append(more);
    await more.updateComplete;
    await settled(deep(more.renderRoot, "tabgrad-argument-field"));
    const slope = deep<TabgradNumberField>(more.renderRoot, "tabgrad-number-field");
    expect(slope.value, "the default").toBe(0.2);
    slope.dispatchEvent(new CustomEvent("change", { detail: 0.1 }));
    expect(said).toEqual([{ activation: { type: "leaky_relu", negative_slope: 0.1 } }]);
  });

  it("have a layer inside a layer", async () => {
    const { field, said } = await fieldFor(argumentOf("bidirectional", "layer"));
    choose(deep(field.renderRoot, "tabgrad-select-field"), "gru");
    expect(said[0]).toMatchObject({ type: "gru", units: 16, return_sequences: false });
  });
});
