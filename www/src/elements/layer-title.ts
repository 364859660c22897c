// What stands on the tab of a layer.

import type { LayerSpec, Spec } from "../engine/protocol";
import { typeOf } from "../store/kinds";
import { integer, number } from "../styles/format";

/** What stands there beside its name: the first of these that it has. */
const TELLING = ["units", "filters", "rate", "activation", "num_heads", "output_dim", "pool_size"];

/** "Dense 8", "Max pooling 2D 2×2"; of an activation its function. `label` is what its kind is called. */
export function layerTitle(layer: LayerSpec, label: string): string {
  const telling = TELLING.map((name) => layer[name]).find((value) => value !== undefined && value !== null);
  if (Array.isArray(telling)) return `${label} ${telling.map(Number).map(integer).join("×")}`;
  if (typeof telling === "number") return `${label} ${number(telling)}`;
  return layer.type === "activation" && telling ? typeOf(telling as Spec).replaceAll("_", " ") : label;
}
