// Single keys that act while the focus is inside the playground and not in a field, or nowhere on a page that is the playground
// (WCAG 2.1.4: they can be turned off): space trains and pauses, a point steps, r resets.

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
  readonly #whole: () => boolean;

  /** `whole`: the playground is the page, and not a part of one. */
  constructor(host: Host, lab: () => Lab | undefined, on: () => boolean, whole: () => boolean) {
    this.#host = host;
    this.#lab = lab;
    this.#on = on;
    this.#whole = whole;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("keydown", this.#key);
  }

  hostDisconnected(): void {
    document.removeEventListener("keydown", this.#key);
  }

  readonly #key = (event: KeyboardEvent) => {
    const lab = this.#lab();
    if (!lab || !this.#on() || event.defaultPrevented || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const path = event.composedPath();
    const [target] = path;
    if (!(target instanceof Element) || target.matches(TYPED_IN)) return;
    if (!path.includes(this.#host) && !(this.#whole() && target === document.body)) return;
    if (event.key === " " && !target.matches(PRESSED_BY_SPACE)) lab.toggle();
    else if (event.key === ".") lab.step();
    else if (event.key === "r") lab.reset();
    else return;
    event.preventDefault();
  };
}
