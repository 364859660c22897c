// Single keys that act while the focus is inside the playground and not in a field (WCAG 2.1.4: only there, and they can be
// turned off): space trains and pauses, a point steps, r resets.

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Lab } from "../store/lab";

type Host = ReactiveControllerHost & HTMLElement;

/** What the keys would be typed into, or what uses them itself. */
const TYPED_IN = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const PRESSED_BY_SPACE = "button, a, input, summary, [role=button], [role=radio], [role=tab], [role=menuitemradio]";

export class Shortcuts implements ReactiveController {
  readonly #host: Host;
  readonly #lab: () => Lab | undefined;
  readonly #on: () => boolean;

  constructor(host: Host, lab: () => Lab | undefined, on: () => boolean) {
    this.#host = host;
    this.#lab = lab;
    this.#on = on;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("keydown", this.#key);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("keydown", this.#key);
  }

  readonly #key = (event: KeyboardEvent) => {
    const lab = this.#lab();
    if (!lab || !this.#on() || event.defaultPrevented || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    if (!(target instanceof Element) || target.matches(TYPED_IN)) return;
    if (event.key === " " && !target.matches(PRESSED_BY_SPACE)) lab.toggle();
    else if (event.key === ".") lab.step();
    else if (event.key === "r") lab.reset();
    else return;
    event.preventDefault();
  };
}
