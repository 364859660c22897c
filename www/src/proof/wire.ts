// What the proof page and its worker say to each other.

import type { EngineInfo, EngineUrls } from "../engine/protocol";
import type { Variant } from "../engine/urls";
import type { Family } from "./cases";
import type { Outcome } from "./compare";

export interface Start {
  variant: Variant;
  threads: number;
  urls: EngineUrls;
  families: Family[];
}

export type FromProof =
  | { type: "ready"; engine: EngineInfo }
  | { type: "done"; family: number; index: number; outcome: Outcome }
  | { type: "finished" }
  | { type: "failed"; message: string };
