// What is the same as something else, as far as the page can tell.

import type { TableReport } from "../engine/protocol";
import { targetsOf } from "./targets";

/** The rows a saved model learnt from, as far as their columns tell. */
export function sameTable(report: TableReport, saved: TableReport | null): boolean {
  return (
    saved !== null &&
    report.columns.length === saved.columns.length &&
    String(targetsOf(report).map(({ column }) => column)) === String(targetsOf(saved).map(({ column }) => column)) &&
    report.columns.every((column, index) => column.name === saved.columns[index]?.name)
  );
}

/** The same in all fields but one. */
export function sameBut(a: Record<string, unknown>, b: Record<string, unknown>, except: string): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => key === except || Object.is(a[key], b[key]));
}
