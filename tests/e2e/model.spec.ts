// model.js: a network for a program's own numbers, in Keras' words, from a page of somebody else.

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./test";

/** A page elsewhere on the site, with a script of its own; what it puts into `result` comes back. */
async function run(page: Page, baseURL: string | undefined, script: string): Promise<unknown> {
  const host = new URL("somebody/else.html", baseURL).href;
  await page.route(host, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Else</title>" }));
  await page.goto(host);
  return page.evaluate(
    async (body) => {
      const source = `import { Model } from ${JSON.stringify(new URL("../model.js", location.href).href)};
        export default async () => { ${body} };`;
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const module = (await import(url)) as { default: () => Promise<unknown> };
      return module.default();
    },
    script,
  );
}

/** Rows of two numbers and whether both have the same sign. */
const SIGNS = `
  const x = [], y = [];
  for (let i = 0; i < 400; i++) {
    const [a, b] = [Math.sin(i * 12.9898) * 1.5, Math.sin(i * 78.233) * 1.5];
    x.push([a, b]);
    y.push(a * b > 0 ? 1 : 0);
  }
  const model = new Model({
    layers: [{ type: "dense", units: 16, activation: "relu" }, { type: "dense", units: 1, activation: "sigmoid" }],
    input_shape: 2,
    seed: 3,
  });
  await model.compile({ optimizer: { type: "adam", learning_rate: 0.02 }, loss: "binary_crossentropy", metrics: ["accuracy"] });
`;

test("the example of the README runs as it stands there", async ({ page, baseURL }) => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const block = /```js\n(import \{ Model \} from "\.\/tabgrad\/model\.js";[\s\S]*?)```/.exec(readme)?.[1];
  expect(block, "there is an example").toBeTruthy();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  const script = (block ?? "").replace(/^import .*$/m, "");
  await run(page, baseURL, script);
  expect(said.length).toBeGreaterThan(0);
  const answer = Number(said.at(-1)?.match(/-?[\d.]+/)?.[0]);
  expect(answer).toBeGreaterThan(0.9);
});

test("compile, fit, evaluate, predict: validation, callbacks of both kinds, weights", async ({ page, baseURL }) => {
  const result = (await run(
    page,
    baseURL,
    `${SIGNS}
    const epochs = [];
    const history = await model.fit(x, y, {
      epochs: 60,
      batch_size: 16,
      validation_split: 0.25,
      class_weight: { 1: 1.5 },
      sample_weight: x.map(() => 1),
      callbacks: [
        "csv_logger",
        { type: "early_stopping", monitor: "val_loss", patience: 50, restore_best_weights: true },
        { on_epoch_end(epoch, logs) { epochs.push([epoch, logs.val_accuracy]); } },
      ],
    });
    const scores = await model.evaluate(x, y);
    const answers = await model.predict([[1, 1], [1, -1], [-1, -1]]);
    const weights = await model.get_weights();
    await model.set_weights([{ name: weights[0].name, values: new Float32Array(weights[0].values.length) }]);
    const spoiled = await model.evaluate(x, y);
    const summary = await model.summary();
    const more = await model.fit(x, y, { epochs: 2, validation_data: [x.slice(0, 10), y.slice(0, 10)], shuffle: false });
    model.dispose();
    return { history, epochs, scores, answers: [...answers], names: weights.map(({ name }) => name), spoiled, summary, more };`,
  )) as {
    history: { epoch: number[]; history: Record<string, number[]>; log: string; diverged: boolean };
    epochs: [number, number][];
    scores: Record<string, number>;
    answers: number[];
    names: string[];
    spoiled: Record<string, number>;
    summary: { layers: unknown[]; parameters: number };
    more: { epoch: number[]; history: Record<string, number[]> };
  };
  const { history } = result;
  expect(history.epoch).toEqual(result.epochs.map(([epoch]) => epoch));
  expect(Object.keys(history.history).sort()).toEqual(["accuracy", "loss", "val_accuracy", "val_loss"]);
  expect(history.log.split("\n")[0]).toBe("epoch,accuracy,loss,val_accuracy,val_loss");
  expect(history.diverged).toBe(false);
  expect(result.scores["accuracy"]).toBeGreaterThan(0.93);
  expect(result.answers.map((p) => p > 0.5)).toEqual([true, false, true]);
  expect(result.names).toEqual(["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"]);
  expect(result.spoiled["accuracy"]).toBeLessThan(result.scores["accuracy"] ?? 0);
  expect(result.summary).toMatchObject({ parameters: 65 });
  expect(result.summary.layers).toHaveLength(2);
  expect(result.more.epoch, "every fit counts its own epochs").toEqual([0, 1]);
  expect(result.more.history["val_loss"]).toHaveLength(2);
});

test("a callback of one's own ends training, and a checkpoint is gone back to", async ({ page, baseURL }) => {
  const result = (await run(
    page,
    baseURL,
    `${SIGNS}
    const history = await model.fit(x, y, {
      epochs: 500,
      callbacks: [{ type: "model_checkpoint", monitor: "loss" }, { on_epoch_end: (epoch) => epoch < 4 }],
    });
    const before = await model.evaluate(x, y);
    const none = await model.restore_checkpoint(5);
    const weights = await model.get_weights();
    await model.set_weights(weights.map(({ name, values }) => ({ name, values: values.map(() => 0) })));
    const spoiled = await model.evaluate(x, y);
    const back = await model.restore_checkpoint();
    const after = await model.evaluate(x, y);
    return { epochs: history.epoch.length, none, back, spoiled: spoiled.loss !== before.loss, same: after.loss === before.loss };`,
  )) as { epochs: number; none: boolean; back: boolean; spoiled: boolean; same: boolean };
  expect(result.epochs).toBeGreaterThanOrEqual(5);
  expect(result.epochs).toBeLessThan(50);
  expect(result).toMatchObject({ none: false, back: true, spoiled: true, same: true });
});

test("a model that is given weights predicts without being compiled, and goes on from there", async ({ page, baseURL }) => {
  const result = (await run(
    page,
    baseURL,
    `${SIGNS}
    await model.fit(x, y, { epochs: 30 });
    const asked = [[1, 1], [1, -1]];
    const trained = await model.predict(asked);
    const layers = [{ type: "dense", units: 16, activation: "relu" }, { type: "dense", units: 1, activation: "sigmoid" }];
    const normal = new Model({ layers: [{ type: "batch_normalization" }, ...layers], input_shape: 2 });
    const kept = (await normal.get_weights()).map(({ name }) => name);
    const other = new Model({ layers, input_shape: 2 });
    await other.set_weights(await model.get_weights());
    const given = await other.predict(asked);
    const { parameters } = await other.summary();
    await other.compile({ optimizer: "adam", loss: "binary_crossentropy" });
    const compiled = await other.predict(asked);
    return { trained: [...trained], given: [...given], compiled: [...compiled], parameters, kept };`,
  )) as { trained: number[]; given: number[]; compiled: number[]; parameters: number; kept: string[] };
  expect(result.given).toEqual(result.trained);
  expect(result.compiled).toEqual(result.trained);
  expect(result.parameters).toBe(65);
  expect(result.kept).toContain("batch_normalization/moving_mean");
});

test("mistakes are told by the call that finds them, with the path", async ({ page, baseURL }) => {
  const said = (await run(
    page,
    baseURL,
    `const told = async (promise) => promise.then(() => "", (error) => error.message);
    const wrong = new Model({ layers: [{ type: "dens", units: 3 }], input_shape: 2 });
    const right = new Model({ layers: [{ type: "dense", units: 1 }], input_shape: 2 });
    const early = await told(right.fit([1, 2], [1]));
    await right.compile({ optimizer: "sgd", loss: "mse" });
    return [
      await told(wrong.compile({ optimizer: "sgd", loss: "mse" })),
      early,
      await told(right.compile({ optimizer: "sgd", loss: "mse", metrics: ["acuracy"] })),
      await told(right.fit([1, 2, 3], [1])),
      await told(right.fit([1, 2, 3, 4], [1])),
      await told(right.fit([1, 2], [1], { validation_split: 0.5 })),
    ];`,
  )) as string[];
  expect(said[0]).toMatch(/layers\[0\].*dense/);
  expect(said[1]).toContain("compile");
  expect(said[2]).toMatch(/training\.metrics\[0\].*accuracy/);
  expect(said[3]).toContain("rows of 2 numbers");
  expect(said[4]).toContain("as many");
  expect(said[5]).toContain("validation_split");
});

test("its types lie beside it", async ({ request, baseURL }) => {
  const types = await (await request.get(new URL("model.d.ts", baseURL).href)).text();
  expect(types).toContain("types/model/index");
  const model = await (await request.get(new URL("types/model/model.d.ts", baseURL).href)).text();
  expect(model).toContain("fit(x: Rows, y: Rows, options?: FitOptions): Promise<History>");
  expect(model).not.toMatch(/\bany\b/);
});

test("several inputs and outputs are given by name or in order, and so are their losses and weights", async ({ page, baseURL }) => {
  const result = (await run(
    page,
    baseURL,
    `const facts = [], course = [], price = [], kind = [];
    for (let i = 0; i < 120; i++) {
      const [a, b] = [Math.sin(i * 12.9898), Math.sin(i * 78.233)];
      facts.push([a, b]);
      course.push([[a], [b], [a - b]]);
      price.push([a + b, a * 2]);
      kind.push(a > b ? 1 : 0);
    }
    const model = new Model({
      layers: [
        { type: "input", name: "facts", shape: [2] },
        { type: "input", name: "course", shape: [3, 1] },
        { type: "flatten" },
        { type: "concatenate", inputs: ["facts", "flatten"] },
        { type: "dense", name: "trunk", units: 12, activation: "tanh" },
        { type: "dense", name: "price", units: 2 },
        { type: "dense", name: "kind", units: 2, activation: "softmax", inputs: ["trunk"] },
      ],
      input_shape: 5,
    });
    await model.compile({
      optimizer: { type: "adam", learning_rate: 0.02 },
      loss: ["mse", "sparse_categorical_crossentropy"],
      loss_weights: [1, 0.5],
      metrics: { price: "mae", kind: ["accuracy"] },
    });
    const x = { course, facts }, y = [price, kind];
    const before = await model.evaluate(x, y);
    const history = await model.fit([facts, course], { kind, price }, {
      epochs: 44,
      initial_epoch: 4,
      validation_split: 0.25,
      validation_freq: 20,
      validation_batch_size: 8,
      sample_weight: { kind: kind.map((one) => 1 + one) },
    });
    const after = await model.evaluate(x, y, { batch_size: 7 });
    const listed = await model.evaluate(x, y, { return_dict: false });
    const [prices, kinds] = await model.predict_each(x, { batch_size: 50 });
    const whole = await model.predict(x);
    const refused = await model.fit(x, y, { steps_per_epoch: 3 }).catch((error) => error.message);
    const unweighted = await model.fit(x, y, { sample_weight: { kynd: [1] } }).catch((error) => error.message);
    const classes = await model.fit(x, y, { class_weight: { 1: 2 } }).catch((error) => error.message);
    return { before, after, listed, epoch: history.epoch, history: history.history, refused, unweighted, classes,
      lengths: [prices.length, kinds.length], same: prices[2] === whole[4] && kinds[3] === whole[7] };`,
  )) as {
    before: Record<string, number>;
    after: Record<string, number>;
    listed: number[];
    epoch: number[];
    history: Record<string, number[]>;
    refused: string;
    unweighted: string;
    classes: string;
    lengths: number[];
    same: boolean;
  };
  const names = ["loss", "price_loss", "kind_loss", "price_mean_absolute_error", "kind_accuracy"];
  expect(Object.keys(result.after).sort()).toEqual([...names].sort());
  expect(result.listed).toEqual(names.map((name) => result.after[name]));
  expect(result.after["loss"]).toBeLessThan(0.5 * (result.before["loss"] ?? 0));
  expect([result.epoch[0], result.epoch.at(-1), result.epoch.length]).toEqual([4, 43, 40]);
  expect(result.history["val_loss"]).toHaveLength(2);
  expect(result.refused).toContain('found "steps_per_epoch"');
  expect(result.unweighted).toContain("sample_weight.kynd: expected one of price, kind");
  expect(result.classes).toContain("class_weight: expected a model of one output");
  expect(result.lengths).toEqual([240, 240]);
  expect(result.same).toBe(true);
});
