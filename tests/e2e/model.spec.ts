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

test("the examples of the README run as they stand there", async ({ page, baseURL }) => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const section = /## In a program of your own([\s\S]*?)\n## /.exec(readme)?.[1] ?? "";
  const blocks = [...section.matchAll(/```js\n([\s\S]*?)```/g)].map(([, block]) => block ?? "");
  expect(blocks, "the example, and how it is saved").toHaveLength(2);
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await run(page, baseURL, `${blocks.join("\n").replace(/^import .*$/m, "")}\nconsole.log("again", (await again.predict([[0, 0]]))[0]);`);
  expect(Number(said.pop()?.match(/-?[\d.]+/)?.[0]), "the model of the file").toBeGreaterThan(0.9);
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
    const scores = await model.evaluate(x, y, { return_dict: true });
    const answers = await model.predict([[1, 1], [1, -1], [-1, -1]]);
    const weights = await model.get_weights();
    await model.set_weights([{ name: weights[0].name, values: new Float32Array(weights[0].values.length) }]);
    const spoiled = await model.evaluate(x, y, { return_dict: true });
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
  expect(Object.keys(history.history).sort()).toEqual(["accuracy", "learning_rate", "loss", "val_accuracy", "val_loss"]);
  expect(history.history["learning_rate"]?.every((rate) => rate === 0.02)).toBe(true);
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
    const before = await model.evaluate(x, y, { return_dict: true });
    const none = await model.restore_checkpoint(5);
    const weights = await model.get_weights();
    await model.set_weights(weights.map(({ name, values }) => ({ name, values: values.map(() => 0) })));
    const spoiled = await model.evaluate(x, y, { return_dict: true });
    const back = await model.restore_checkpoint();
    const after = await model.evaluate(x, y, { return_dict: true });
    return { epochs: history.epoch.length, none, back, spoiled: spoiled.loss !== before.loss, same: after.loss === before.loss };`,
  )) as { epochs: number; none: boolean; back: boolean; spoiled: boolean; same: boolean };
  expect(result.epochs, "the worker waits for the callback").toBe(5);
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
  expect(said[4]).toContain("as many of 1 number, found 1 numbers");
  expect(said[5]).toContain("validation_split");
});

test("its types lie beside it", async ({ request, baseURL }) => {
  const types = await (await request.get(new URL("model.d.ts", baseURL).href)).text();
  expect(types).toContain("types/model/index");
  const model = await (await request.get(new URL("types/model/model.d.ts", baseURL).href)).text();
  expect(model).toContain("fit(x: Rows, y: Rows, options?: FitOptions): Promise<History>");
  expect(model).toContain("static load(file: Uint8Array | ArrayBuffer | Blob, options?: LoadOptions): Promise<Model>");
  for (const file of ["model", "layer", "optimizer", "types"]) {
    const text = await (await request.get(new URL(`types/model/${file}.d.ts`, baseURL).href)).text();
    const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
    expect(code, file).not.toMatch(/\bany\b|channel/i);
  }
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
    const before = await model.evaluate(x, y, { return_dict: true });
    const history = await model.fit([facts, course], { kind, price }, {
      epochs: 44,
      initial_epoch: 4,
      validation_split: 0.25,
      validation_freq: 20,
      validation_batch_size: 8,
      sample_weight: { kind: kind.map((one) => 1 + one) },
    });
    const after = await model.evaluate(x, y, { batch_size: 7, return_dict: true });
    const listed = await model.evaluate(x, y);
    const [prices, kinds] = await model.predict_each(x, { batch_size: 50 });
    const whole = await model.predict(x);
    const refused = await model.fit(x, y, { step_per_epoch: 3 }).catch((error) => error.message);
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
  expect(result.refused).toContain('found "step_per_epoch": did you mean "steps_per_epoch"?');
  expect(result.unweighted).toContain("sample_weight.kynd: expected one of price, kind");
  expect(result.classes).toContain("class_weight: expected a model of one output");
  expect(result.lengths).toEqual([240, 240]);
  expect(result.same).toBe(true);
});

/** Rows for the network of {@link DEEP}: of three kinds, with dropout, statistics, a schedule and callbacks on the way. */
const DEEP = `
  const x = [], y = [];
  for (let i = 0; i < 90; i++) {
    const [a, b] = [Math.sin(i * 12.9898) * 1.5, Math.sin(i * 78.233) * 1.5];
    x.push([a, b]);
    y.push(a * b > 0 ? 2 : a > 0 ? 1 : 0);
  }
  const layers = [
    { type: "dense", units: 12, activation: "relu" },
    { type: "batch_normalization" },
    { type: "dropout", rate: 0.25 },
    { type: "dense", units: 3, activation: "softmax" },
  ];
  const made = async () => {
    const model = new Model({ layers, input_shape: 2, seed: 11, reproducible: true });
    await model.compile({
      optimizer: { type: "adam", learning_rate: { type: "exponential_decay", initial_learning_rate: 0.02, decay_steps: 9, decay_rate: 0.9 } },
      loss: "sparse_categorical_crossentropy",
      metrics: ["accuracy"],
    });
    return model;
  };
  const options = {
    epochs: 14,
    batch_size: 16,
    validation_split: 0.2,
    class_weight: { 1: 2 },
    callbacks: [{ type: "early_stopping", monitor: "val_loss", patience: 6, restore_best_weights: true }, { type: "model_checkpoint", monitor: "val_loss" }, "csv_logger"],
  };
`;

interface Fitted {
  epoch: number[];
  history: Record<string, number[]>;
  stopped_by: number | null;
  log: string;
}

/** The same from the epoch `from` on, counted from 0. */
const onwards = (history: Record<string, number[]>, from: number) =>
  Object.fromEntries(Object.entries(history).map(([name, values]) => [name, values.slice(from)]));

test("a model that is saved in the midst of a fit goes on in another worker with the very same losses", async ({ page, baseURL }) => {
  const result = (await run(
    page,
    baseURL,
    `${DEEP}
    const saved = [];
    const model = await made();
    const whole = await model.fit(x, y, { ...options, callbacks: [...options.callbacks, {
      async on_epoch_end(epoch) { if (epoch === 4) saved.push(await model.save()); },
      async on_train_batch_end(batch, logs) { if (batch === 2 && saved.length === 1) saved.push(await model.save()); },
    }] });
    const answers = [...await model.predict(x)];
    const rests = [];
    for (const bytes of saved) {
      const other = await Model.load(new Blob([bytes]), { reproducible: true });
      const rest = await other.fit(x, y, { epochs: 14, validation_split: 0.2, resume: true });
      rests.push({ rest, answers: [...await other.predict(x)], back: await other.restore_checkpoint(1) });
      other.dispose();
    }
    return { whole, answers, rests };`,
  )) as { whole: Fitted; answers: number[]; rests: { rest: Fitted; answers: number[]; back: boolean }[] };
  const { whole } = result;
  expect(whole.epoch.length).toBeGreaterThan(7);
  expect(Object.keys(whole.history).sort()).toEqual(["accuracy", "learning_rate", "loss", "val_accuracy", "val_loss"]);
  expect(whole.history["learning_rate"]?.[3]).toBeLessThan(whole.history["learning_rate"]?.[0] ?? 0);
  expect(result.rests).toHaveLength(2);
  for (const { rest, answers, back } of result.rests) {
    expect(rest.epoch, "after epoch 4, and in the midst of epoch 5").toEqual(whole.epoch.slice(5));
    expect(rest.history).toEqual(onwards(whole.history, 5));
    expect([rest.stopped_by, rest.log]).toEqual([whole.stopped_by, whole.log]);
    expect(answers).toEqual(result.answers);
    expect(back).toBe(true);
  }
});

test("a model that is saved between two fits goes on as if it had stayed", async ({ page, baseURL }) => {
  const result = (await run(
    page,
    baseURL,
    `${DEEP}
    const { callbacks: _, ...plain } = options;
    const model = await made();
    await model.fit(x, y, { ...plain, epochs: 3 });
    model.optimizer.learning_rate = 0.003;
    const bytes = await model.save();
    const other = await Model.load(bytes, { reproducible: true });
    const only = await Model.load(bytes.buffer, { compile: false, reproducible: true });
    const told = async (promise) => promise.then(() => "", (error) => error.message);
    const untrained = await told(only.fit(x, y));
    const stayed = await model.fit(x, y, { ...plain, initial_epoch: 3, epochs: 6 });
    const went = await other.fit(x, y, { ...plain, initial_epoch: 3, epochs: 6 });
    const again = await Model.load(await only.save(), { reproducible: true });
    const damaged = bytes.slice();
    damaged[damaged.length - 3] ^= 4;
    return {
      stayed, went, untrained,
      rates: [await other.optimizer.learning_rate, await model.optimizer.learning_rate],
      same: [await only.predict(x), await again.predict(x)].map((it) => it.length),
      refused: [await told(Model.load(damaged)), await told(Model.load(new Uint8Array(40))), await told(Model.load(bytes, { compiled: true }))],
      safetensors: new TextDecoder().decode(bytes.slice(8, 60)),
    };`,
  )) as { stayed: Fitted; went: Fitted; untrained: string; rates: number[]; same: number[]; refused: string[]; safetensors: string };
  expect(result.went).toEqual(result.stayed);
  expect(result.went.epoch).toEqual([3, 4, 5]);
  expect(result.rates).toEqual([0.003, 0.003]);
  expect(result.untrained).toContain("compile");
  expect(result.same).toEqual([270, 270]);
  expect(result.refused[0]).toContain("damaged");
  expect(result.refused[1]).toContain("not a model");
  expect(result.refused[2]).toContain('did you mean "compile"?');
  expect(result.safetensors.startsWith("{")).toBe(true);
});

test("the page opens a file of a program or says why not, and a program goes on with one of the page", async ({ page, lab, baseURL }) => {
  await lab.open("./#preset=iris&epochs=4");
  await lab.trainToEnd();
  const { bytes } = await lab.save();
  const history = (await lab.history()) as { epoch: number; train: { loss: number } }[];
  const result = (await run(
    page,
    baseURL,
    `const model = await Model.load(new Uint8Array(${JSON.stringify([...bytes])}));
    const x = [[0.1, -0.2, 0.3, 0.4], [-1, 1, 0.5, 0]];
    const before = [...await model.predict(x)];
    const fit = await model.fit(x, [0, 2], { epochs: 3 });
    const made = async (units) => {
      const own = new Model({ layers: [{ type: "dense", units }], input_shape: 2 });
      await own.compile({ optimizer: "sgd", loss: "mse" });
      return own;
    };
    const own = await made(1);
    await own.fit([[1, 2], [3, 1]], [1, 2], { epochs: 1 });
    own.optimizer.learning_rate = 0.25;
    return {
      before, losses: fit.history.loss, after: [...await model.predict(x)], back: [...await model.save()],
      said: (await own.predict([[1.5, -2]]))[0], own: [...await own.save()], two: [...await (await made(2)).save()],
    };`,
  )) as { before: number[]; losses: number[]; after: number[]; back: number[]; said: number; own: number[]; two: number[] };
  expect(history.length).toBeGreaterThan(0);
  expect(result.before).toHaveLength(6);
  expect(result.losses).toHaveLength(3);
  expect(result.after).not.toEqual(result.before);
  await lab.open();
  await lab.load("back.tabgrad", Buffer.from(result.back));
  await expect.poll(() => lab.epoch()).toBe(7);
  await lab.load("two.tabgrad", Buffer.from(result.two));
  await expect(page.getByText("it says more than one number or class of a row").first()).toBeVisible();
  expect(await lab.epoch(), "the model that was there is still there").toBe(7);

  await lab.load("own.tabgrad", Buffer.from(result.own));
  await expect(page.getByText("takes 2 plain numbers, here column 1 to column 2").first()).toBeVisible();
  await expect(lab.field("Learning rate").first(), "as the program has set it").toHaveValue("0.25");
  expect((await lab.predict([["1.5", "-2", null]]))[0]?.value).toBeCloseTo(result.said, 5);
  await expect(lab.trainButton, "there are no rows to learn from").toBeDisabled();
  const rows = Array.from({ length: 30 }, (_, i) => `${i % 7},${(i * 3) % 5},${(i % 7) + 2 * ((i * 3) % 5)}`).join("\n");
  const chooser = page.waitForEvent("filechooser");
  await lab.root.getByRole("button", { name: "Open your own data…" }).click();
  await (await chooser).setFiles({ name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
  await lab.ready();
  expect(await lab.epoch(), "the same training goes on").toBe(1);
  await lab.stepButton.click();
  await expect.poll(() => lab.epoch()).toBe(2);
});

test("targets are what the loss takes for an output of that shape", async ({ page, baseURL }) => {
  const result = (await run(
    page,
    baseURL,
    `const numbers = (count, of = (i) => Math.sin(i * 12.9898)) => Array.from({ length: count }, (_, i) => of(i));
    const classes = (count, n) => numbers(count, (i) => (i * 7) % n);
    const cases = {
      steps: [[{ type: "lstm", units: 5, return_sequences: true }, { type: "dense", units: 4, activation: "softmax" }], [6, 2],
        "sparse_categorical_crossentropy", classes(8 * 6, 4)],
      hot_steps: [[{ type: "lstm", units: 5, return_sequences: true }, { type: "dense", units: 4, activation: "softmax" }], [6, 2],
        "categorical_crossentropy", classes(8 * 6, 4).flatMap((own) => [0, 1, 2, 3].map((one) => +(one === own)))],
      autoencoder: [[{ type: "conv2d", filters: 3, kernel_size: 3, padding: "same", activation: "relu" },
        { type: "conv2d", filters: 1, kernel_size: 3, padding: "same", activation: "sigmoid" }], [5, 5, 1],
        "binary_crossentropy", numbers(8 * 25, (i) => (i % 5) / 4)],
      numbers_of_pictures: [[{ type: "conv2d", filters: 1, kernel_size: 3, padding: "same" }], [5, 5, 1], "mse", numbers(8 * 25)],
      pixels: [[{ type: "conv2d", filters: 3, kernel_size: 3, padding: "same", activation: "softmax" }], [5, 5, 1],
        "sparse_categorical_crossentropy", classes(8 * 25, 3)],
      both_ways: [[{ type: "bidirectional", layer: { type: "gru", units: 3 } }], [6, 2], "mse", numbers(8 * 6)],
      one_hot: [[{ type: "dense", units: 3, activation: "softmax" }], [4],
        "categorical_crossentropy", classes(8, 3).flatMap((own) => [0, 1, 2].map((one) => +(one === own)))],
      labels: [[{ type: "dense", units: 5 }], [6, 2], "ctc", numbers(8, (i) => [1 + (i % 4), 3])],
      places: [[{ type: "dense", units: 5 }, { type: "unit_normalization" }], [4], "circle", classes(8, 3)],
      whatever: [[{ type: "flatten" }, { type: "dropout", rate: 0.1 }, { type: "dense", units: 2 }], [2, 3], "mae", numbers(16)],
    };
    const result = {};
    for (const [name, [layers, input_shape, loss, y]] of Object.entries(cases)) {
      const model = new Model({ layers, input_shape });
      const x = numbers(8 * input_shape.reduce((all, size) => all * size, 1));
      try {
        await model.compile({ optimizer: { type: "adam", learning_rate: 0.01 }, loss });
        const { history } = await model.fit(x, y, { epochs: 12, batch_size: 4 });
        result[name] = history.loss;
      } catch (error) {
        result[name] = error.message;
      }
      model.dispose();
    }
    const weighted = new Model({ layers: cases.one_hot[0], input_shape: 4 });
    await weighted.compile({ optimizer: "sgd", loss: "categorical_crossentropy" });
    await weighted.fit(numbers(32), cases.one_hot[3], { class_weight: { 1: 3 } });
    const told = await weighted.fit(numbers(32), classes(8, 3)).catch((error) => error.message);
    return { result, told };`,
  )) as { result: Record<string, number[] | string>; told: string };
  expect(Object.keys(result.result)).toHaveLength(10);
  for (const [name, losses] of Object.entries(result.result)) {
    expect(losses, `${name}: ${String(losses)}`).toHaveLength(12);
    expect(Number(losses.at(-1)), name).toBeLessThan(Number(losses[0]));
  }
  expect(result.told).toContain("as many of 3 numbers, found 8 numbers: one number for each row");
});

test("batches, steps, layers, the learning rate and its range test, in Keras' words", async ({ page, baseURL }) => {
  const result = (await run(
    page,
    baseURL,
    `${SIGNS}
    const told = async (promise) => promise.then(() => "", (error) => error.message);
    const first = await model.train_on_batch(x.slice(0, 40), y.slice(0, 40));
    const dict = await model.train_on_batch(x.slice(0, 40), y.slice(0, 40), { return_dict: true, class_weight: { 1: 2 } });
    const tested = await model.test_on_batch(x.slice(0, 40), y.slice(0, 40), { return_dict: true });
    const scored = await model.evaluate(x, y, { steps: 2, batch_size: 20, return_dict: true });
    const names = await model.metrics_names();
    const few = await model.predict_on_batch(x.slice(0, 3));
    const stepped = await model.predict(x, { steps: 3, batch_size: 1 });
    const events = [];
    const rates = [];
    const history = await model.fit(x, y, {
      epochs: 4, batch_size: 50, steps_per_epoch: 3, validation_split: 0.25, validation_steps: 1, validation_batch_size: 10,
      callbacks: [{
        on_train_begin() { events.push("begin"); },
        on_epoch_begin(epoch) { events.push("epoch " + epoch); model.optimizer.learning_rate = 0.1 / (epoch + 1); },
        on_train_batch_end(batch, logs) { events.push("batch " + batch + " " + Object.keys(logs).sort()); },
        async on_epoch_end(epoch, logs) { rates.push([await model.optimizer.learning_rate, logs.learning_rate]); },
        on_train_end() { events.push("end"); },
      }],
    });
    const cut = await model.fit(x, y, { epochs: 9, batch_size: 50, callbacks: [{ on_train_batch_end: (batch) => batch < 1 }] });
    const before = [...await model.predict(x.slice(0, 2))];
    const range = await model.learning_rate_range(x, y, { steps: 30, largest: 100 });
    const after = [...await model.predict(x.slice(0, 2))];
    const layer = await model.get_layer("dense");
    const inside = await layer.output(x.slice(0, 5));
    const last = await model.get_layer(-1);
    const outside = [...await last.output(x.slice(0, 2))];
    const [kernel] = await layer.get_weights();
    const thrown = await told(model.fit(x, y, { callbacks: [{ on_epoch_end() { throw new Error("my own"); } }] }));
    const inner = await told(model.fit(x, y, { callbacks: [{ async on_epoch_end() { await model.fit(x, y); } }] }));
    const still = await model.evaluate(x, y);
    const unset = new Model({ layers: [{ type: "dense", units: 1 }], input_shape: 2 });
    let early = "";
    try { unset.optimizer.learning_rate = 1; } catch (error) { early = error.message; }
    const normal = new Model({ layers: [{ type: "batch_normalization" }, { type: "dense", units: 1 }], input_shape: 2 });
    return { first, dict, tested, scored, names, few: [...few], stepped: [...stepped], events, rates, history, cut, range, before, after,
      inside: inside.length, layer: { ...layer }, count: layer.count_params(), outside, kernel: kernel.shape, thrown, inner, still, early,
      unknown: await told(model.get_layer("dens")), method: await told(model.fit(x, y, { callbacks: [{ on_batch_end() {} }] })),
      params: await normal.count_params() };`,
  )) as {
    first: number[];
    dict: Record<string, number>;
    tested: Record<string, number>;
    scored: Record<string, number>;
    names: string[];
    few: number[];
    stepped: number[];
    events: string[];
    rates: [number, number][];
    history: Fitted;
    cut: Fitted;
    range: { learning_rates: number[]; losses: number[]; suggested: number | null };
    before: number[];
    after: number[];
    inside: number;
    layer: Record<string, unknown>;
    count: number;
    outside: number[];
    kernel: number[];
    thrown: string;
    inner: string;
    still: number[];
    early: string;
    unknown: string;
    method: string;
    params: number;
  };
  expect(result.names).toEqual(["loss", "accuracy"]);
  expect(result.first).toHaveLength(2);
  expect(Object.keys(result.dict).sort()).toEqual(["accuracy", "loss"]);
  expect(result.scored["accuracy"]).toBe(result.tested["accuracy"]);
  expect(result.scored["loss"]).toBeCloseTo(result.tested["loss"] ?? 0, 5);
  expect(result.stepped).toEqual(result.few);
  const batches = (count: number) => Array.from({ length: count }, (_, i) => `batch ${String(i)} accuracy,loss`);
  const epochs = [0, 1, 2, 3].flatMap((epoch) => [`epoch ${String(epoch)}`, ...batches(3)]);
  expect(result.events, "six steps are all rows: two epochs").toEqual(["begin", ...epochs, "end"]);
  const shown = result.rates.map(([asked, logged]) => [asked.toFixed(6), logged.toFixed(6)]);
  expect(shown).toEqual([0.1, 0.05, 0.1 / 3, 0.025].map((rate) => [rate.toFixed(6), rate.toFixed(6)]));
  expect(result.history.epoch).toEqual([0, 1, 2, 3]);
  expect(result.history.history["val_loss"]).toHaveLength(4);
  expect(result.cut.epoch, "it ends in the midst of its first epoch").toEqual([0]);
  expect(result.after).toEqual(result.before);
  expect(result.range.learning_rates.length).toBe(result.range.losses.length);
  expect(result.range.learning_rates[0]).toBeCloseTo(1e-7, 9);
  expect(result.inside).toBe(5 * 16);
  expect(result.layer).toMatchObject({ name: "dense", type: "dense", output_shape: [16], parameters: 48 });
  expect([result.count, result.kernel]).toEqual([48, [2, 16]]);
  expect(result.outside).toEqual(result.before);
  expect(result.thrown).toBe("my own");
  expect(result.inner).toContain("fit: a fit goes on");
  expect(result.still).toHaveLength(2);
  expect(result.early).toContain("compile the model first");
  expect(result.unknown).toContain('found "dens": did you mean "dense"?');
  expect(result.method).toContain('found "on_batch_end"');
  expect(result.params, "scale, offset, two statistics each, and three of the dense layer").toBe(8 + 3);
});
