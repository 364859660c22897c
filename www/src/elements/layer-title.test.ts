import { expect, it } from "vitest";
import { layerTitle } from "./layer-title";

it("names a layer by its kind and by what tells most of it", () => {
  expect(layerTitle({ type: "dense", units: 8, activation: "relu" }, "Dense")).toBe("Dense 8");
  expect(layerTitle({ type: "max_pooling2d", pool_size: [2, 3] }, "Pooling")).toBe("Pooling 2×3");
  expect(layerTitle({ type: "conv_block", activation: { type: "gelu" } }, "Block")).toBe("Block");
});

it("names an activation by its function, with arguments or without", () => {
  expect(layerTitle({ type: "activation", activation: "leaky_relu" }, "Activation")).toBe("leaky relu");
  expect(layerTitle({ type: "activation", activation: { type: "leaky_relu", negative_slope: 0.1 } }, "Activation")).toBe("leaky relu");
  expect(layerTitle({ type: "activation" }, "Activation")).toBe("Activation");
});
