// Which theme shows: the attribute of the playground where it is set, else what the system prefers.

import type { ReactiveController, ReactiveControllerHost } from "lit";

export type ThemeName = "light" | "dark";

const KEY = "tabgrad-theme";

/** The theme chosen on an earlier visit. Storage may be refused (frames, private windows): then there is none. */
export function rememberedTheme(): ThemeName | null {
  try {
    const name = localStorage.getItem(KEY);
    return name === "light" || name === "dark" ? name : null;
  } catch {
    return null;
  }
}

export function rememberTheme(name: ThemeName): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // The choice holds as long as the page.
  }
}

export class SystemTheme implements ReactiveController {
  readonly #query = matchMedia("(prefers-color-scheme: dark)");
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#query.addEventListener("change", this.#changed);
  }

  hostDisconnected(): void {
    this.#query.removeEventListener("change", this.#changed);
  }

  get name(): ThemeName {
    return this.#query.matches ? "dark" : "light";
  }

  readonly #changed = () => this.#host.requestUpdate();
}
