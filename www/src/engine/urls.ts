// Where the files of the engine lie, resolved on the page: the worker is told, it never resolves an address itself.

import type { EngineUrls } from "./protocol";

/** Names of the builds, as in wasm-pack.toml. */
export const variants = ["single-simd", "single-relaxed", "threads-simd", "threads-relaxed"] as const;

/** Of the engine's files, all together: made by version.plugin.ts. */
declare const __ENGINE_VERSION__: string;

export type Variant = (typeof variants)[number];

/**
 * Addresses of all variants below `base`: an absolute address of a folder, ending in "/".
 * Each variant has a folder of its own with `tabgrad.js`, `tabgrad_bg.wasm` and `tabgrad_rest.wasm`. With its version behind
 * it an address means the same bytes for ever: hosts may let browsers keep them without asking, and no page meets an engine
 * of another build.
 */
export function engineUrls(base: string): EngineUrls {
  const file = (variant: Variant, name: string) => new URL(`${variant}/${name}?v=${__ENGINE_VERSION__}`, base).href;
  const entries = variants.map((name) => [
    name,
    { glue: file(name, "tabgrad.js"), wasm: file(name, "tabgrad_bg.wasm"), rest: file(name, "tabgrad_rest.wasm") },
  ]);
  return { variants: Object.fromEntries(entries) as EngineUrls["variants"] };
}

/** The folder `engine/` of the built page. */
export const defaultBase = (): string => folder("engine");

/** A file of the folder `data/`, which is fetched when it is chosen. */
export const dataUrl = (file: string): string => folder("data") + file;

/** A folder of the built page: beside `assets/`, where this module lies; at the root of the development server. */
function folder(name: string): string {
  return import.meta.env.DEV
    ? new URL(`/${name}/`, location.href).href
    : new URL(/* @vite-ignore */ `../${name}/`, import.meta.url).href;
}
