// The colours of the theme as numbers that canvases and pixel loops can use.
//
// They come from the custom properties (--tg-...), resolved by the browser on a probe element, so that any CSS colour
// may stand in a theme. Read once per theme change, never per frame.

import { light, type Theme } from "../styles/tokens.js";

/** Red, green, blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

const NAMES = [
  "bg",
  "panel",
  "ink",
  "muted",
  "line",
  "soft",
  "edge",
  "accent",
  "negative",
  "positive",
  "good",
  "bad",
] as const;
const CLASSES = ["class-0", "class-1", "class-2", "class-3", "class-4", "class-5", "class-6", "class-7"] as const;

/** Everything that a view draws with. */
export interface Palette extends Record<(typeof NAMES)[number], Rgb> {
  /** Eight; more classes repeat them with other marks. */
  classes: readonly Rgb[];
  /** Light ink on a dark ground. */
  dark: boolean;
}

/** Reads `#rrggbb`, or a colour as browsers compute it: `rgb(…)`, `rgba(…)`, `color(srgb …)`; null when it is none. */
export function parseColor(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (hex) return [parseInt(hex[1] ?? "", 16), parseInt(hex[2] ?? "", 16), parseInt(hex[3] ?? "", 16)];
  const scale = text.startsWith("color(srgb ") ? 255 : text.startsWith("rgb") ? 1 : 0;
  const numbers = text.match(/-?\d*\.?\d+(?:e-?\d+)?/gi);
  if (scale === 0 || numbers === null || numbers.length < 3) return null;
  const channel = (i: number): number => Math.min(255, Math.max(0, Math.round(Number(numbers[i]) * scale)));
  return [channel(0), channel(1), channel(2)];
}

/** How light a colour is, 0 to 1 (WCAG's relative luminance). */
export function luminance([r, g, b]: Rgb): number {
  const linear = (c: number): number => {
    const share = c / 255;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function paletteFrom(color: (name: (typeof NAMES)[number] | (typeof CLASSES)[number]) => Rgb): Palette {
  const named = Object.fromEntries(NAMES.map((name) => [name, color(name)])) as Record<(typeof NAMES)[number], Rgb>;
  return { ...named, classes: CLASSES.map(color), dark: luminance(named.ink) > luminance(named.panel) };
}

/** The palette of a theme that is known by its tokens. */
export function themePalette(theme: Theme): Palette {
  return paletteFrom((name) => parseColor(theme[name]) ?? [128, 128, 128]);
}

/** Resolves the theme's properties as they stand at `probe`, an element of its own that may be styled freely. */
export function readPalette(probe: HTMLElement): Palette {
  // All in one property: every question costs the browser a look at the styles of the page.
  const names = [...NAMES, ...CLASSES];
  probe.style.backgroundImage = `linear-gradient(${names.map((name) => `var(--tg-${name}, ${light[name]})`).join()})`;
  const colors = getComputedStyle(probe).backgroundImage.match(/#\w+|\w+\([^()]*\)/g) ?? [];
  probe.style.backgroundImage = "";
  // A value that is no colour takes them all with it: then each by itself.
  const isWhole = colors.length === names.length;
  const palette = paletteFrom((name) => {
    if (!isWhole) probe.style.outlineColor = `var(--tg-${name}, ${light[name]})`;
    const text = isWhole ? colors[names.indexOf(name)] : getComputedStyle(probe).outlineColor;
    return parseColor(text ?? "") ?? parseColor(light[name]) ?? [128, 128, 128];
  });
  probe.style.outlineColor = "";
  return palette;
}

/** As a CSS colour. */
export function css([r, g, b]: Rgb, alpha = 1): string {
  const channels = `${String(r)} ${String(g)} ${String(b)}`;
  return alpha >= 1 ? `rgb(${channels})` : `rgb(${channels} / ${alpha.toFixed(3)})`;
}

/** `share` of the way from `a` to `b`. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const s = Math.min(1, Math.max(0, share));
  return [
    Math.round(a[0] + (b[0] - a[0]) * s),
    Math.round(a[1] + (b[1] - a[1]) * s),
    Math.round(a[2] + (b[2] - a[2]) * s),
  ];
}
