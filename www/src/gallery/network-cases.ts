// The network view in its states.

import { html } from "lit";
import type { Case } from "./case.js";
import { makeMaps, makeNetwork, makeShaped, type FixtureLayer } from "./network-fixtures.js";

const IRIS = ["sepal length", "sepal width", "petal length", "petal width"];
const SPECIES = ["setosa", "versicolor", "virginica"];
const count = (length: number): string[] => Array.from({ length }, (_, i) => `value ${String(i + 1)}`);
const relu = (units: number): FixtureLayer => ({ units, activation: "relu" });
const softmax = (units: number): FixtureLayer => ({ units, activation: "softmax" });

const iris = makeNetwork(IRIS, [relu(8), { units: 6, activation: "tanh" }, softmax(3)], SPECIES, 3, 1.5);
const line = makeNetwork(["x"], [{ units: 1 }], ["y"], 2);
const moons = makeNetwork(["x", "y"], [relu(64), { units: 1, activation: "sigmoid" }], ["lower", "upper"], 5);
const deep = makeNetwork(
  ["x", "y"],
  [...Array.from({ length: 7 }, () => ({ units: 32, activation: "tanh" })), softmax(3)],
  ["a", "b", "c"],
  7,
  1.3,
);
const digits = makeNetwork(
  count(784),
  [relu(128), relu(64), softmax(10)],
  Array.from({ length: 10 }, (_, i) => String(i)),
  11,
);
const graph = makeNetwork(
  IRIS,
  [
    relu(6),
    relu(6),
    { type: "dropout" },
    { type: "add", inputs: [0, 2] },
    { units: 4, activation: "relu" },
    { type: "concatenate", inputs: [3, 4] },
    softmax(3),
  ],
  SPECIES,
  9,
);
const branches = makeNetwork(
  ["x", "y"],
  [relu(5), { units: 5, activation: "tanh", inputs: [-1] }, { type: "add", inputs: [0, 1] }, softmax(3)],
  SPECIES,
  13,
);
const long = makeNetwork(
  ["average temperature of the month before the measurement (°C)", "b", "<img src=x onerror=alert(1)>"],
  [relu(3), { type: "batch_normalization" }, { type: "dropout" }, softmax(2)],
  ["a class with quite a long name, as files have", "no"],
  15,
);
const broken = makeNetwork(["x", "y"], [relu(4), softmax(2)], ["0", "1"], 17, 1e6);
broken.weights.fill(NaN, 0, 5);
broken.weights.fill(Infinity, 5, 7);

const DIGITS = Array.from({ length: 10 }, (_, i) => String(i));
const conv = (side: number, from: number, to: number, inputs?: number[]) => ({
  type: "conv2d",
  shape: [side, side, to],
  kernel: [3, 3, from, to],
  activation: "relu",
  ...(inputs ? { inputs } : {}),
});
const pictures = makeShaped(
  count(64),
  [
    conv(8, 1, 8),
    conv(8, 8, 8),
    { type: "add", shape: [8, 8, 8], inputs: [0, 1] },
    { type: "batch_normalization", shape: [8, 8, 8] },
    { type: "max_pooling2d", shape: [4, 4, 8] },
    conv(4, 8, 16),
    { type: "spatial_dropout2d", shape: [4, 4, 16] },
    conv(4, 16, 16),
    { type: "global_average_pooling2d", shape: [16] },
    { type: "dropout", shape: [16] },
    { type: "dense", shape: [16], kernel: [16, 16], activation: "relu" },
    { type: "dense", shape: [10], kernel: [16, 10], activation: "softmax" },
  ],
  DIGITS,
);
const sequences = makeShaped(
  count(9),
  [
    { type: "embedding", shape: [9, 16], kernel: [12, 16] },
    { type: "position_embedding", shape: [9, 16], kernel: [9, 16] },
    { type: "multi_head_attention", shape: [9, 16], kernel: [16, 16] },
    { type: "layer_normalization", shape: [9, 16] },
    { type: "lstm", shape: [24], kernel: [16, 96] },
    { type: "dense", shape: [1], kernel: [24, 1], activation: "sigmoid" },
  ],
  ["no", "yes"],
);

export const networkCases: Case[] = [
  {
    title: "Training",
    wide: 2,
    view: () =>
      html`<tabgrad-network-view
        .summary=${iris.summary}
        .weights=${iris.weights}
        .neurons=${makeMaps(iris)}
        .selected=${0}
      ></tabgrad-network-view>`,
  },
  {
    title: "Narrow, before the first frame",
    view: () => html`<tabgrad-network-view .summary=${iris.summary} .selected=${1}></tabgrad-network-view>`,
  },
  {
    title: "One neuron",
    view: () =>
      html`<tabgrad-network-view
        .summary=${line.summary}
        .weights=${line.weights}
        .neurons=${makeMaps(line)}
      ></tabgrad-network-view>`,
  },
  {
    title: "More units than fit",
    view: () =>
      html`<tabgrad-network-view
        .summary=${moons.summary}
        .weights=${moons.weights}
        .neurons=${makeMaps(moons)}
      ></tabgrad-network-view>`,
  },
  {
    title: "Very many inputs, ten classes",
    view: () =>
      html`<tabgrad-network-view
        .summary=${digits.summary}
        .weights=${digits.weights}
        .selected=${1}
      ></tabgrad-network-view>`,
  },
  {
    title: "Eight layers of 32",
    wide: 3,
    view: () =>
      html`<tabgrad-network-view
        .summary=${deep.summary}
        .weights=${deep.weights}
        .neurons=${makeMaps(deep)}
      ></tabgrad-network-view>`,
  },
  {
    title: "Graph: dropout, add, concatenate",
    wide: 2,
    view: () =>
      html`<tabgrad-network-view
        .summary=${graph.summary}
        .weights=${graph.weights}
        .neurons=${makeMaps(graph)}
        .selected=${3}
      ></tabgrad-network-view>`,
  },
  {
    title: "Graph: branches",
    view: () =>
      html`<tabgrad-network-view
        .summary=${branches.summary}
        .weights=${branches.weights}
        .neurons=${makeMaps(branches)}
      ></tabgrad-network-view>`,
  },
  {
    title: "Pictures: twelve layers",
    wide: 3,
    view: () =>
      html`<tabgrad-network-view
        .summary=${pictures.summary}
        .inputShape=${[8, 8, 1]}
        .weights=${pictures.weights}
        .selected=${5}
      ></tabgrad-network-view>`,
  },
  {
    title: "Pictures, narrow",
    view: () =>
      html`<tabgrad-network-view
        .summary=${pictures.summary}
        .inputShape=${[8, 8, 1]}
        .weights=${pictures.weights}
        .selected=${0}
      ></tabgrad-network-view>`,
  },
  {
    title: "Sequences",
    wide: 2,
    view: () =>
      html`<tabgrad-network-view
        .summary=${sequences.summary}
        .weights=${sequences.weights}
        .selected=${2}
      ></tabgrad-network-view>`,
  },
  {
    title: "Long names, layers that pass on",
    view: () =>
      html`<tabgrad-network-view
        .summary=${long.summary}
        .weights=${long.weights}
        .neurons=${makeMaps(long)}
      ></tabgrad-network-view>`,
  },
  {
    title: "Numbers that are none",
    view: () =>
      html`<tabgrad-network-view
        .summary=${broken.summary}
        .weights=${broken.weights}
        .neurons=${makeMaps(broken)}
      ></tabgrad-network-view>`,
  },
  { title: "Empty", view: () => html`<tabgrad-network-view></tabgrad-network-view>` },
  {
    title: "Loading",
    view: () => html`<tabgrad-network-view state="loading" message="Reading iris.csv…"></tabgrad-network-view>`,
  },
  {
    title: "Failed",
    view: () =>
      html`<tabgrad-network-view
        .summary=${line.summary}
        state="failed"
        message="layers[1].units: 0 is too few; use 1 or more."
      ></tabgrad-network-view>`,
  },
];
