// The design tokens of Tabgrad: every colour, size and duration has its name here, in both themes.
//
//   theme="light" | theme="dark"   the reader's choice, on the element that carries these tokens
//   no attribute                   what the system prefers
//
// They stand on the outermost element alone (the playground, the gallery) and reach everything inside by inheritance; an
// inner element that repeated them would undo the reader's choice of theme.
//
// Colours are plain hex, so that canvases can read them with `getComputedStyle(...).getPropertyValue("--tg-...")`.
// Text and its ground keep a contrast of at least 4.5:1, marks and borders of controls 3:1 (test: tokens.test.ts).

import { css, unsafeCSS, type CSSResult } from "lit";

/** The names that differ between the themes. */
export interface Theme {
  /** Ground of the page, and of panels on it. */
  bg: string;
  panel: string;
  /** Text, and quieter text. */
  ink: string;
  muted: string;
  /** Hairlines between and around panels; fill of quiet surfaces; outline of controls. */
  line: string;
  soft: string;
  edge: string;
  /** The one colour of interaction, what stands on it, and a wash of it. */
  accent: string;
  "on-accent": string;
  "accent-soft": string;
  /** The two ends of the diverging scale; its middle is the panel. */
  negative: string;
  positive: string;
  /** Said of results and messages, as text. */
  good: string;
  bad: string;
  warn: string;
  "bad-soft": string;
  "warn-soft": string;
  /** Okabe and Ito's eight, told apart by readers of every colour vision; the dark ones are lighter. */
  "class-0": string;
  "class-1": string;
  "class-2": string;
  "class-3": string;
  "class-4": string;
  "class-5": string;
  "class-6": string;
  "class-7": string;
  shadow: string;
}

export const light: Theme = {
  bg: "#f4f5f7",
  panel: "#ffffff",
  ink: "#15191e",
  muted: "#56606b",
  line: "#e0e4e8",
  soft: "#eff2f4",
  edge: "#868f99",
  accent: "#0a5fd0",
  "on-accent": "#ffffff",
  "accent-soft": "#e8f0fc",
  negative: "#d55e00",
  positive: "#0072b2",
  good: "#00714f",
  bad: "#b3261e",
  warn: "#8a5200",
  "bad-soft": "#fdeceb",
  "warn-soft": "#fdf3e1",
  "class-0": "#0072b2",
  "class-1": "#e69f00",
  "class-2": "#009e73",
  "class-3": "#cc79a7",
  "class-4": "#d55e00",
  "class-5": "#56b4e9",
  "class-6": "#b5a600",
  "class-7": "#3d4650",
  shadow: "0 4px 16px rgb(15 23 32 / 12%)",
};

export const dark: Theme = {
  bg: "#0e1215",
  panel: "#161b1f",
  ink: "#e9edf0",
  muted: "#9ba6b0",
  line: "#2a3138",
  soft: "#1f262b",
  edge: "#6b7680",
  accent: "#6cabff",
  "on-accent": "#07121f",
  "accent-soft": "#1a2a3f",
  negative: "#f08a4b",
  positive: "#56b4e9",
  good: "#4fd0a2",
  bad: "#ff8f85",
  warn: "#f0b429",
  "bad-soft": "#331c1a",
  "warn-soft": "#2f2612",
  "class-0": "#56b4e9",
  "class-1": "#f0b429",
  "class-2": "#35c79a",
  "class-3": "#e08fbd",
  "class-4": "#f08a4b",
  "class-5": "#3d8fd1",
  "class-6": "#e8dd4a",
  "class-7": "#c3ccd4",
  shadow: "0 4px 20px rgb(0 0 0 / 50%)",
};

const declarations = (theme: Theme): CSSResult =>
  unsafeCSS(
    Object.entries(theme)
      .map(([name, value]) => `--tg-${name}: ${value};`)
      .join("\n"),
  );

/** For the outermost element. Everything inside inherits. */
export const tokens = css`
  :host {
    color-scheme: light;
    ${declarations(light)}

    /* Sizes: a grid of 4 px, two sizes of text, one radius for panels and one for what stands in them. */
    --tg-radius: 10px;
    --tg-radius-small: 6px;
    --tg-gap: 12px;
    --tg-font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif;
    --tg-text: 14px;
    --tg-text-small: 12px;
    --tg-line-height: 20px;
    /* Height of a control: comfortable for a mouse, 44 px for a finger. */
    --tg-control: 32px;
    --tg-quick: 120ms;

    /* The three parts of the rows. */
    --tg-train: var(--tg-class-0);
    --tg-validation: var(--tg-class-1);
    --tg-test: var(--tg-class-2);
  }

  @media (prefers-color-scheme: dark) {
    :host(:not([theme="light"])) {
      color-scheme: dark;
      ${declarations(dark)}
    }
  }

  :host([theme="dark"]) {
    color-scheme: dark;
    ${declarations(dark)}
  }

  @media (pointer: coarse) {
    :host {
      --tg-control: 44px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --tg-quick: 0ms;
    }
  }
`;
