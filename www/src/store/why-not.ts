// Why a loss is not for a target, for the menu in which it cannot be chosen.

import type { Kind, Task } from "../engine/protocol";
import { suits } from "./kinds";

/** What the target would have to be for a loss; "": it suits. */
export function whyNot(kind: Partial<Kind>, task: Task | undefined): string {
  if (suits(kind, task)) return "";
  const needs = {
    regression: "a number as target",
    binary: "two classes",
    multiclass: "several classes",
    reconstruction: "the row itself as target",
    sequence: "a sequence of labels as target, in programs (model.js)",
    embedding: "outputs that are compared by distance, in programs (model.js)",
  };
  return `needs ${(kind.tasks ?? []).map((fit) => needs[fit]).join(" or ")}`;
}
