// Shared weights: a layer that names another as the one whose weights it takes. Both then have the very same arguments, so what
// is changed about one is changed about all that share. Pure edits, by index in the spec.
//
//   dense_a ─ ... ─ { type: "dense", units: 8, shares: "dense_a" }

import { layerNames } from "../engine/names";
import type { LayerSpec, ModelSpec } from "../engine/protocol";
import { named, nameFor, withoutNeedlessNames } from "./branches";

/** What belongs to a layer itself and not to its kind. */
const OWN: ReadonlySet<string> = new Set(["name", "inputs", "shares", "trainable", "learning_rate_multiplier"]);

/** The layer whose weights a layer takes, by index; null: it has its own. */
export function ownerOf(model: ModelSpec, index: number): number | null {
  const shares = model.layers[index]?.shares;
  const at = shares === undefined ? -1 : layerNames(model.layers).indexOf(shares);
  return at < 0 ? null : (ownerOf(model, at) ?? at);
}

/** The earlier layers whose weights a layer could take: those of its kind that have their own. */
export function possibleOwners(model: ModelSpec, index: number): number[] {
  const type = model.layers[index]?.type;
  return [...model.layers.keys()].filter(
    (at) => at < index && model.layers[at]?.type === type && ownerOf(model, at) === null,
  );
}

/** Makes a layer take the weights of another, and its arguments with them; null: it has its own again. */
export function shareWith(model: ModelSpec, index: number, owner: number | null): ModelSpec {
  const layers = named(model.layers);
  const layer = layers[index];
  if (!layer) return model;
  if (owner === null) {
    delete layer.shares;
  } else {
    const from = model.layers[owner];
    if (!from) return model;
    const kind = Object.entries(from).filter(([name]) => !OWN.has(name));
    const own = Object.entries(layer).filter(([name]) => OWN.has(name));
    const name = nameFor(layers, owner);
    layers[index] = { ...(Object.fromEntries([...kind, ...own]) as LayerSpec), shares: name };
  }
  return { ...model, layers: withoutNeedlessNames(layers) };
}

/** All layers that a change of one changes: those that share its weights. */
export function family(model: ModelSpec, index: number): number[] {
  const head = ownerOf(model, index) ?? index;
  return [...model.layers.keys()].filter((at) => at === head || ownerOf(model, at) === head);
}

/** Whether an argument is of the kind, and so the same for all that share. */
export const isOfKind = (argument: string): boolean => !OWN.has(argument);
