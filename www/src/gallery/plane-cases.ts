// Decision surfaces and fits in their states.

import "../views/line-fit/line-fit.js";
import { html } from "lit";
import type { Case } from "./case.js";
import { makeCurve, makeLine, makePoints, makeValuePoints } from "./data-fixtures.js";
import { makeNetwork, makeSurface, type FixtureLayer } from "./network-fixtures.js";

const SPECIES = ["setosa", "versicolor", "virginica"];
const DIGITS = Array.from({ length: 10 }, (_, i) => `digit ${String(i)}`);
const tanh = (units: number): FixtureLayer => ({ units, activation: "tanh" });
const PETALS: [[number, number], [number, number]] = [
  [1, 6.9],
  [0.1, 2.5],
];
const SQUARE: [[number, number], [number, number]] = [
  [-3, 3],
  [-3, 3],
];

/** A network whose regions are the sectors the points of {@link makePoints} stand in. */
function sectors(classes: number, sharpness: number) {
  const network = makeNetwork(["x", "y"], [{ units: classes, activation: "softmax" }], DIGITS.slice(0, classes), 1);
  const kernel = network.summary.tensors[0]?.start ?? 0;
  for (let k = 0; k < classes; k++) {
    const angle = (2 * Math.PI * (k + 0.35)) / classes;
    network.weights[kernel + k] = sharpness * Math.cos(angle);
    network.weights[kernel + classes + k] = sharpness * Math.sin(angle);
  }
  network.weights.fill(0, 2 * classes);
  return network;
}

const binary = makeNetwork(["x", "y"], [tanh(8), { units: 1, activation: "sigmoid" }], ["outer", "inner"], 21, 3);
const values = makeNetwork(["x", "y"], [tanh(8), { units: 1 }], ["price"], 8, 1.5);
const price = makeSurface(values, 100, ...SQUARE);
price.values.forEach((value, i) => (price.values[i] = value * 900));
const broken = makeSurface(binary, 40, ...SQUARE);
broken.values.fill(NaN, 0, 700);

const petals = makePoints(3, 150, ...PETALS, 3);
const line = makeLine();
const fit = makeCurve(0, 10, [(x) => 2.98 * x + 2.07]);
const early = makeCurve(0, 10, [(x) => -0.6 * x + 12]);
const predictions = [0, 5, 10].map((x) => ({ x, y: 2.98 * x + 2.07 }));
const wave = { ...line, y: line.x.map((x, i) => 400_000 * Math.sin(x) + 20_000 * ((line.y[i] ?? 0) - 3 * x - 2)) };
const hours = { ...line, target: line.x.map((x, i) => (x + (line.y[i] ?? 0) - 3 * x - 2 > 5 ? 1 : 0)) };

export const surfaceCases: Case[] = [
  {
    title: "Three classes",
    view: () =>
      html`<tabgrad-surface
        .surface=${makeSurface(sectors(3, 3), 100, ...PETALS)}
        .points=${petals}
        .classes=${SPECIES}
        task="multiclass"
        x-label="petal length"
        y-label="petal width"
      ></tabgrad-surface>`,
  },
  {
    title: "Two classes, one output",
    view: () =>
      html`<tabgrad-surface
        .surface=${makeSurface(binary, 100, ...SQUARE)}
        .points=${makePoints(2, 300, ...SQUARE, 8)}
        .classes=${["outer", "inner"]}
        task="binary"
        x-label="x"
        y-label="y"
      ></tabgrad-surface>`,
  },
  {
    title: "Ten classes",
    view: () =>
      html`<tabgrad-surface
        .surface=${makeSurface(sectors(10, 9), 100, ...SQUARE)}
        .points=${makePoints(10, 500, ...SQUARE, 9)}
        .classes=${DIGITS}
        task="multiclass"
        x-label="first component"
        y-label="second component"
      ></tabgrad-surface>`,
  },
  {
    title: "Regression",
    view: () =>
      html`<tabgrad-surface
        .surface=${price}
        .points=${makeValuePoints(200, 5)}
        task="regression"
        x-label="longitude"
        y-label="latitude"
        target-label="price"
      ></tabgrad-surface>`,
  },
  {
    title: "Cells, 24 a side",
    view: () =>
      html`<tabgrad-surface
        crisp
        .surface=${makeSurface(sectors(3, 3), 24, ...PETALS)}
        .points=${petals}
        .classes=${SPECIES}
        task="multiclass"
        x-label="petal length"
        y-label="petal width"
      ></tabgrad-surface>`,
  },
  {
    title: "Before training",
    view: () =>
      html`<tabgrad-surface
        .points=${petals}
        .classes=${SPECIES}
        task="multiclass"
        x-label="petal length"
        y-label="petal width"
      ></tabgrad-surface>`,
  },
  {
    title: "2,000 points, extreme units, a long name",
    view: () =>
      html`<tabgrad-surface
        .points=${makePoints(4, 2000, [1.2e9, 7.7e9], [-3e-7, 4e-7], 2)}
        .classes=${DIGITS.slice(0, 4)}
        task="multiclass"
        x-label="distance from the surface to the centre of the body, metres"
        y-label="b"
      ></tabgrad-surface>`,
  },
  {
    title: "Numbers that are none",
    view: () =>
      html`<tabgrad-surface
        .surface=${broken}
        .points=${makePoints(2, 40, ...SQUARE, 8)}
        .classes=${["outer", "inner"]}
        task="binary"
        x-label="x"
        y-label="y"
      ></tabgrad-surface>`,
  },
  { title: "Empty", view: () => html`<tabgrad-surface></tabgrad-surface>` },
  {
    title: "Loading",
    view: () => html`<tabgrad-surface state="loading" message="Reading iris.csv…"></tabgrad-surface>`,
  },
  {
    title: "Failed",
    view: () =>
      html`<tabgrad-surface
        .points=${petals}
        .classes=${SPECIES}
        state="failed"
        message="The engine stopped and could not be started again."
      ></tabgrad-surface>`,
  },
];

export const fitCases: Case[] = [
  {
    title: "The line y = 3 x + 2",
    view: () =>
      html`<tabgrad-line-fit
        .curve=${fit}
        .points=${line}
        .predictions=${predictions}
        x-label="x"
        y-label="y"
      ></tabgrad-line-fit>`,
  },
  {
    title: "At the start",
    view: () => html`<tabgrad-line-fit .curve=${early} .points=${line} x-label="x" y-label="y"></tabgrad-line-fit>`,
  },
  {
    title: "A curve, large units",
    view: () =>
      html`<tabgrad-line-fit
        .curve=${makeCurve(0, 10, [(x) => 390_000 * Math.sin(x)])}
        .points=${wave}
        x-label="days"
        y-label="turnover, francs"
      ></tabgrad-line-fit>`,
  },
  {
    title: "A prediction far outside",
    view: () =>
      html`<tabgrad-line-fit
        .curve=${fit}
        .points=${line}
        .predictions=${[
          { x: 4, y: 900 },
          { x: 6, y: -500 },
        ]}
        x-label="x"
        y-label="y"
      ></tabgrad-line-fit>`,
  },
  {
    title: "Two classes over one column",
    view: () =>
      html`<tabgrad-line-fit
        .curve=${makeCurve(0, 10, [(x) => 1 / (1 + Math.exp(-2 * (x - 5)))])}
        .points=${hours}
        .classes=${["failed", "passed"]}
        task="binary"
        x-label="hours"
        y-label="probability"
      ></tabgrad-line-fit>`,
  },
  { title: "Empty", view: () => html`<tabgrad-line-fit></tabgrad-line-fit>` },
];
