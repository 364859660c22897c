// The schema, which the controls of the page are drawn from: a part of the protocol (protocol.ts), with the field names of
// crates/core/src/spec/describe.rs.

import type { Task } from "./protocol";

export interface Schema {
  layers: Kind[];
  losses: Kind[];
  optimizers: Kind[];
  regularizers: Kind[];
  initializers: Kind[];
  /** With the arguments of those that have any. */
  activations: (Choice & Partial<Kind>)[];
  metrics: (Choice & Partial<Kind>)[];
  schedules?: Kind[];
  constraints?: Kind[];
  callbacks?: Kind[];
}

export interface Choice {
  type: string;
  label: string;
  /** One sentence; empty until the engine has said `explained`. */
  doc: string;
}

export interface Kind extends Choice {
  arguments: Argument[];
  /** For losses and metrics: which tasks it fits; some are for programs alone. Empty: any. */
  tasks?: (Task | "sequence" | "embedding")[];
  /** For layers: the group of the menu that it stands in. */
  family?: string;
}

export type ArgumentKind =
  | "integer"
  | "number"
  | "boolean"
  | "text"
  | "choice"
  | "activation"
  // One of the schema's kinds, with arguments of its own; `schedule`: or a number.
  | "initializer"
  | "regularizer"
  | "constraint"
  | "schedule"
  | "layer"
  // Lists of numbers; `sizes` and `axes`: or one of them.
  | "shape"
  | "sizes"
  | "axes"
  | "numbers"
  // A list of names.
  | "words";

export interface Argument {
  name: string;
  label: string;
  doc: string;
  kind: ArgumentKind;
  default: unknown;
  min?: number;
  max?: number;
  /** Drawn on a logarithmic scale (learning rates, penalties). */
  logarithmic?: boolean;
  choices?: Choice[];
  /** Shown in sight; the rest stands behind "more". */
  common?: boolean;
}
