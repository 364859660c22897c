// How a number field steps: evenly, by doubling, or along 1, 3, 10, 30, ... as learning rates do. Pure functions.

export type Scale = "linear" | "doubling" | "logarithmic";

export interface Steps {
  scale: Scale;
  min: number;
  max: number;
  /** Size of one even step. */
  step: number;
  /** Where a logarithmic field leaves 0. */
  smallest: number;
}

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** The next value up (`direction` 1) or down (-1), within bounds. */
export function next(value: number, direction: 1 | -1, steps: Steps): number {
  const found =
    steps.scale === "doubling"
      ? doubled(value, direction)
      : steps.scale === "logarithmic"
        ? oneThreeTen(value, direction, steps)
        : even(value, direction, steps.step);
  return Math.min(steps.max, Math.max(steps.min, Number(found.toPrecision(12))));
}

function even(value: number, direction: 1 | -1, step: number): number {
  const place = value / step;
  const whole = direction > 0 ? Math.floor(place + 1e-9) : Math.ceil(place - 1e-9);
  return (whole + direction) * step;
}

function doubled(value: number, direction: 1 | -1): number {
  const power = Math.log2(Math.max(1, value));
  const whole = direction > 0 ? Math.floor(power + 1e-9) : Math.ceil(power - 1e-9);
  return 2 ** Math.max(0, whole + direction);
}

function oneThreeTen(value: number, direction: 1 | -1, steps: Steps): number {
  if (value <= 0) return direction > 0 ? steps.smallest : 0;
  const power = Math.floor(Math.log10(value) + 1e-9);
  const ladder = [-1, 0, 1].flatMap((shift) => [1, 3].map((digit) => Number(`${digit}e${power + shift}`)));
  const found =
    direction > 0
      ? ladder.find((rung) => rung > value && !near(rung, value))
      : ladder.findLast((rung) => rung < value && !near(rung, value));
  const reached = found ?? value;
  // Below the smallest rung lies nought, where nought is allowed.
  return direction < 0 && steps.min <= 0 && reached < steps.smallest && !near(reached, steps.smallest) ? 0 : reached;
}
