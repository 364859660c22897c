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

export interface Group {
  label: string;
  kinds: Kind[];
}

/** Groups in the order above, then those this page does not know yet; the kinds of each in the order of the schema. */
export function grouped(kinds: readonly Kind[]): Group[] {
  const groups = new Map<string, Group>(families.map(([family, label]) => [family, { label, kinds: [] }]));
  for (const kind of kinds) {
    const family = kind.family ?? "other";
    const label = family.charAt(0).toUpperCase() + family.slice(1).replaceAll("_", " ");
    const group = groups.get(family) ?? { label, kinds: [] };
    groups.set(family, group);
    group.kinds.push(kind);
  }
  return [...groups.values()].filter((group) => group.kinds.length > 0);
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

/** Which of those that were found Enter takes: the one that is called just so, else the first whose name begins so. */
export function best(found: readonly Kind[], text: string): number {
  const typed = text.trim().toLowerCase();
  const named = (fits: (name: string) => boolean) =>
    found.findIndex(({ label, type }) => [label, type].some((name) => fits(name.toLowerCase())));
  const exact = named((name) => name === typed);
  return Math.max(0, exact >= 0 ? exact : named((name) => name.startsWith(typed)));
}
