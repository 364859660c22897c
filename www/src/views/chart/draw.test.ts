import { expect, it } from "vitest";
import { light } from "../../styles/tokens";
import { themePalette } from "../palette";
import { drawChart, placeChart, type Chart, type ChartTarget } from "./draw";

/** Notes the calls; measures every letter as 6 pixels. */
function noted(): { target: ChartTarget; calls: string[] } {
  const calls: string[] = [];
  const own: Record<string, unknown> = {};
  const target = new Proxy(own, {
    get: (given, name: string) =>
      name in given
        ? given[name]
        : (...words: unknown[]) => {
            calls.push(name);
            return name === "measureText" ? { width: String(words[0]).length * 6 } : undefined;
          },
  });
  return { target: target as unknown as ChartTarget, calls };
}

const options = { width: 300, height: 240, palette: themePalette(light), fontFamily: "sans", measure: (text: string) => text.length * 6 };
const chart: Chart = {
  series: [{ x: [0, 0.5, NaN, 1], y: [0, 1, 1, 1], kind: "line", color: 0 }],
  x: [0, 1],
  y: [0, 1],
  xLabel: "x",
  yLabel: "y",
};

it("draws what is a number, and nothing else", () => {
  const { target, calls } = noted();
  expect(drawChart(target, chart, options)).toBe(3);
  expect(calls.filter((name) => name === "fillRect")).toHaveLength(0);
  const bars: Chart = { ...chart, series: [{ x: [0.25, 0.75], y: [0, 0.5], kind: "bars", color: 0 }] };
  const other = noted();
  expect(drawChart(other.target, bars, options)).toBe(1);
  expect(other.calls).toContain("fillRect");
});

it("marks powers of ten by their value", () => {
  const frame = placeChart({ ...chart, x: [-4.3, 0.4], powers: true }, options);
  expect(frame.xTicks.every(Number.isInteger)).toBe(true);
  expect(frame.xLabels).toHaveLength(frame.xTicks.length);
  expect(frame.xLabels[0]).toMatch(/10|e/);
});
