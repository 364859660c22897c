// What came of a run: counts for the table, and the whole of it as text or JSON to keep.

import type { EngineInfo } from "../engine/protocol";
import { caseName, type Family } from "./cases";
import type { Outcome } from "./compare";

export interface Run {
  engine: EngineInfo;
  /** By family, then by case; undefined: not done yet. */
  outcomes: (Outcome | undefined)[][];
}

export interface Count {
  cases: number;
  done: number;
  failed: number;
  numbers: number;
  /** The largest share of a tolerance that any number took. */
  worst: number;
}

export const isGreen = (outcome: Outcome): boolean => outcome.differences.length === 0;

export function count(family: Family, outcomes: readonly (Outcome | undefined)[]): Count {
  const done = outcomes.filter((outcome) => outcome !== undefined);
  return {
    cases: family.cases.length,
    done: done.length,
    failed: done.filter((outcome) => !isGreen(outcome)).length,
    numbers: done.reduce((sum, { numbers }) => sum + numbers, 0),
    worst: done.reduce((most, { worst }) => Math.max(most, worst), 0),
  };
}

export function total(counts: readonly Count[]): Count {
  return counts.reduce(
    (sum, it) => ({
      cases: sum.cases + it.cases,
      done: sum.done + it.done,
      failed: sum.failed + it.failed,
      numbers: sum.numbers + it.numbers,
      worst: Math.max(sum.worst, it.worst),
    }),
    { cases: 0, done: 0, failed: 0, numbers: 0, worst: 0 },
  );
}

/** Everything that was found, for a file. */
export function exported(families: readonly Family[], runs: readonly Run[], browser: string): unknown {
  return {
    browser,
    runs: runs.map(({ engine, outcomes }) => ({
      variant: engine.variant,
      threads: engine.threads,
      families: families.map((family, f) => ({
        name: family.name,
        cases: family.cases.map((_, index) => ({ name: caseName(family, index), ...outcomes[f]?.[index] })),
      })),
    })),
  };
}

/** The same for people. */
export function text(families: readonly Family[], runs: readonly Run[], browser: string): string {
  const lines = [browser];
  for (const { engine, outcomes } of runs) {
    const counts = families.map((family, f) => count(family, outcomes[f] ?? []));
    const all = total(counts);
    lines.push("", `${engine.variant}, threads: ${engine.threads}: ${all.done - all.failed} of ${all.cases} cases green`);
    families.forEach((family, f) => {
      const it = counts[f] as Count;
      lines.push(`  ${family.name}: ${it.done - it.failed} of ${it.cases}, ${it.numbers} numbers`);
      family.cases.forEach((_, index) => {
        for (const line of outcomes[f]?.[index]?.differences ?? []) {
          lines.push(`    ${caseName(family, index)}: ${line}`);
        }
      });
    });
  }
  return `${lines.join("\n")}\n`;
}
