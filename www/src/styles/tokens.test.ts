import { describe, expect, it } from "vitest";
import { dark, light, type Theme } from "./tokens";

/** Relative luminance of an sRGB colour (WCAG 2.2, "relative luminance"). */
function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const texts: [keyof Theme, (keyof Theme)[]][] = [
  ["ink", ["bg", "panel", "soft", "accent-soft", "bad-soft", "warn-soft"]],
  ["muted", ["bg", "panel", "soft", "accent-soft"]],
  ["accent", ["panel", "bg", "accent-soft"]],
  ["on-accent", ["accent"]],
  ["good", ["panel"]],
  ["bad", ["panel", "bad-soft"]],
  ["warn", ["panel", "warn-soft"]],
];

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s theme", (_name, theme) => {
  it.each(texts)("has %s legible as text on its grounds", (ink, grounds) => {
    for (const ground of grounds) {
      expect(contrast(theme[ink], theme[ground]), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("has outlines of controls and both ends of the scale visible on panels", () => {
    for (const mark of ["edge", "negative", "positive", "accent"] as const) {
      expect(contrast(theme[mark], theme.panel), mark).toBeGreaterThanOrEqual(3);
    }
  });
});

it("names the same colours in both themes", () => {
  expect(Object.keys(dark)).toEqual(Object.keys(light));
});
