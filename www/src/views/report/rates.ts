// Learning rates as charts: over the epochs of a run, and against the loss of a range test. The values are the engine's.

import type { RangeTest, RateCurve } from "../../store/rates";
import { formatCount, formatValue } from "../numbers.js";
import { extent, padRange } from "../ticks.js";
import type { Figure } from "./charts.js";

/** The loss is drawn up to so many times what it was at first: beyond, it is lost. */
const LOST = 2;

export function scheduleChart({ epochs, rates }: RateCurve): Figure {
  const x = Float32Array.from(rates, (_, i) => (i * epochs) / Math.max(1, rates.length - 1));
  const most = Math.max(...rates, 0);
  const [first, last] = [rates[0] ?? 0, rates[rates.length - 1] ?? 0];
  return {
    label: "Learning rate over the run",
    sentence: `From ${formatValue(first, 3)} to ${formatValue(last, 3)} in ${formatCount(epochs)} epochs, at most ${formatValue(most, 3)}.`,
    chart: {
      series: [{ x, y: rates, kind: "line", color: 0 }],
      x: [0, epochs],
      y: [0, most > 0 ? most * 1.05 : 1],
      xLabel: "epoch",
      yLabel: "learning rate",
    },
    table: () => ({ columns: ["epoch", "learning rate"], rows: Array.from(rates, (rate, i) => [x[i] ?? 0, rate]) }),
  };
}

export function testChart({ rates, losses, suggested }: RangeTest): Figure {
  const x = Float32Array.from(rates, (rate) => Math.log10(rate));
  const [low, high] = extent(losses) ?? [0, 1];
  const top = Math.min(high, Math.max(LOST * (losses[0] ?? 1), low));
  const said =
    suggested === null
      ? "No rate made the loss smaller."
      : `Suggested: ${formatValue(suggested, 2)}, a tenth of the rate with the lowest loss.`;
  return {
    label: "Loss by learning rate",
    sentence: said,
    chart: {
      series: [{ x, y: losses, kind: "line", color: 1 }],
      x: extent(x) ?? [-7, 1],
      y: padRange(low, top),
      xLabel: "learning rate",
      yLabel: "loss",
      powers: true,
      ...(suggested === null ? {} : { mark: Math.log10(suggested) }),
    },
    table: () => ({ columns: ["learning rate", "loss"], rows: Array.from(rates, (rate, i) => [rate, losses[i] ?? 0]) }),
  };
}
