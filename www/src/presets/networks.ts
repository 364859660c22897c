// Small networks for each form of data, without the output layer, which follows from the target.

import type { LayerSpec } from "../engine/protocol";

export const dense = (units: number, activation: string): LayerSpec => ({ type: "dense", units, activation });

const conv = (filters: number): LayerSpec => ({
  type: "conv2d",
  filters,
  kernel_size: 3,
  padding: "same",
  activation: "relu",
});

/** Two convolutions with a pooling between them; larger pictures are pooled until few places are left. */
export function convolutional(height: number, width: number): LayerSpec[] {
  const layers = [conv(8)];
  let side = Math.min(height, width);
  for (let filters = 16; side >= 8; filters = Math.min(32, 2 * filters)) {
    layers.push({ type: "max_pooling2d", pool_size: 2 }, conv(filters));
    side = Math.floor(side / 2);
  }
  return [...layers, { type: "flatten" }];
}

/** A vector for every token, and one pass along them. */
export function recurrent(vocabulary: number): LayerSpec[] {
  return [
    { type: "embedding", input_dim: vocabulary, output_dim: 8, mask_zero: true },
    { type: "lstm", units: 16 },
  ];
}

/** Vectors that know their place, what comparing each with all others adds to them, and the strongest of what that gives. */
export function attentive(vocabulary: number): LayerSpec[] {
  return [
    { type: "embedding", input_dim: vocabulary, output_dim: 16 },
    { type: "position_embedding", name: "position_embedding" },
    { type: "multi_head_attention", name: "multi_head_attention", num_heads: 2, key_dim: 8 },
    { type: "add", inputs: ["position_embedding", "multi_head_attention"] },
    { type: "dense", units: 16, activation: "relu" },
    { type: "global_max_pooling1d" },
  ];
}
