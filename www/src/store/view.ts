// What frames are to bring, by what the page draws.

import type { View } from "../engine/protocol";
import { numericFeatures } from "./events";
import type { State } from "./state";

/** Cells along the sides of surface and neuron maps: fine for networks that predict them in no time, coarser for large ones. */
const SURFACE_CELLS = 100;
const SURFACE_CELLS_LARGE = 56;
const NEURON_CELLS = 24;
const LARGE_PARAMETERS = 5000;

export function viewOf({ axes, data, network, sample, target }: State): View {
  const plane = axes.x !== null && axes.y !== null;
  const large = (network.summary?.parameters ?? 0) > LARGE_PARAMETERS;
  const drawable = data.report !== null && numericFeatures(data.report).length > 0;
  return {
    x: axes.x,
    y: axes.y,
    surface: plane ? (large ? SURFACE_CELLS_LARGE : SURFACE_CELLS) : 0,
    neurons: drawable && plane ? NEURON_CELLS : 0,
    weights: true,
    sample: data.report?.form ? sample : null,
    ...(data.report?.targets ? { target } : {}),
  };
}
