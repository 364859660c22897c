// The groups of the layer menu, and what a search in it finds. Pure functions.

import type { Kind } from "../engine/protocol";

export const families: readonly (readonly [family: string, label: string])[] = [
  ["core", "Core"],
  ["activation", "Activation"],
  ["convolution", "Convolution"],
  ["pooling", "Pooling"],
  ["recurrent", "Recurrent"],
  ["attention", "Attention"],
  ["block", "Blocks"],
  ["merging", "Merging"],
  ["reshaping", "Reshaping"],
  ["normalization", "Normalization"],
  ["regularization", "Regularization"],
];
const OTHER = "Other";

export interface Group {
  label: string;
  kinds: Kind[];
}

/** Groups in the order above, each with its kinds in the order of the schema; empty ones are left out. */
export function grouped(kinds: readonly Kind[]): Group[] {
  const labelOf = new Map(families);
  const groups = new Map([...families.map(([, label]) => label), OTHER].map((label) => [label, [] as Kind[]]));
  for (const kind of kinds) groups.get(labelOf.get(kind.family ?? "") ?? OTHER)?.push(kind);
  return [...groups].flatMap(([label, members]) => (members.length > 0 ? { label, kinds: members } : []));
}

/** Kinds whose name or group has all the words; where there are none, those whose sentence has them. */
export function search(kinds: readonly Kind[], text: string): Kind[] {
  const words = text.toLowerCase().split(/[\s_]+/).filter(Boolean);
  if (words.length === 0) return [...kinds];
  const has = (...texts: (string | undefined)[]) => {
    const whole = texts.join(" ").toLowerCase();
    return words.every((word) => whole.includes(word));
  };
  const named = kinds.filter(({ type, label, family }) => has(type, label, label.replaceAll(" ", ""), family));
  return named.length > 0 ? named : kinds.filter(({ doc }) => has(doc));
}
