// A kind of the schema (loss, metric, schedule, layer, ...) as it stands in a spec: a bare name, or a name with arguments.

import type { Argument, Choice, Kind, Named, Spec, Task } from "../engine/protocol";

export const typeOf = (spec: Spec): string => (typeof spec === "string" ? spec : spec.type);

/**
 * What scores of these metrics are called: by their kinds, with a number from the second of a kind on (as Keras does); those that
 * count rows by their weights behind the others, as weighted ones where the name is taken.
 */
export function scoreNames(metrics: readonly Spec[], weighted: readonly Spec[] = []): string[] {
  const types = metrics.map(typeOf);
  const names = types.map((type, index) => {
    const twins = types.slice(0, index).filter((other) => other === type).length;
    return twins === 0 ? type : `${type}_${twins}`;
  });
  if (weighted.length === 0) return names;
  return [...names, ...scoreNames(weighted).map((name) => (names.includes(name) ? `weighted_${name}` : name))];
}

/** The kind at its defaults, written out, so that they can be seen and changed; a bare name where there are none. */
export function atDefaults(kind: Choice & { arguments?: Argument[] }): Spec {
  const given = (kind.arguments ?? []).filter((argument) => argument.default !== null);
  if (given.length === 0) return kind.type;
  return { type: kind.type, ...Object.fromEntries(given.map((argument) => [argument.name, argument.default])) };
}

/** The same with one argument changed; no value takes it back to its default. */
export function withArgument(spec: Spec, name: string, value: unknown): Spec {
  const made: Named = typeof spec === "string" ? { type: spec } : { ...spec };
  if (value == null) delete made[name];
  else made[name] = value;
  return Object.keys(made).length === 1 ? made.type : made;
}

/** What an argument is set to, if it is. */
export function argumentOf(spec: Spec, name: string): unknown {
  return typeof spec === "string" ? undefined : spec[name];
}

/** Whether a loss or a metric is of use for a task. */
export function suits(kind: Partial<Kind>, task: Task | undefined): boolean {
  // A row that is made again is numbers, a label at every step is one of many.
  const like = task === "reconstruction" ? "regression" : task === "sequence" ? "multiclass" : task;
  return !like || !kind.tasks || kind.tasks.length === 0 || kind.tasks.includes(like);
}

/** The argument of a schedule that says where it starts from: what the field for the learning rate changes. */
export function startOf(schedule: Partial<Kind> | undefined): string | undefined {
  const starts = ({ kind, name, common }: Argument) => common && kind === "number" && name.includes("learning_rate");
  return schedule?.arguments?.find(starts)?.name;
}

/** A schedule that begins with the rate that there was; one that leads up to another leads up to it. */
export function startingAt(schedule: Partial<Kind>, spec: Spec, rate: number | null): Spec {
  const start = startOf(schedule) ?? schedule.arguments?.find(({ kind }) => kind === "schedule")?.name;
  return rate === null || start === undefined ? spec : withArgument(spec, start, rate);
}
