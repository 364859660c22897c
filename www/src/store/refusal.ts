// Where in the network the engine's refusal belongs: "layers[2].kernel_size[0]" is layer 2 and its argument kernel_size.

import type { EngineError } from "../engine/protocol";

export interface Refusal {
  layer: number;
  /** "" where the layer as a whole does not fit. */
  argument: string;
}

/** The layer that an error speaks of, if it speaks of one. */
export function refusedLayer(error: Pick<EngineError, "path"> | null): Refusal | null {
  const [, layer, argument = ""] = /^layers\[(\d+)\](?:\.(\w+))?/.exec(error?.path ?? "") ?? [];
  return layer === undefined ? null : { layer: Number(layer), argument };
}
