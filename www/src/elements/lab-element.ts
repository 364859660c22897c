// What every part of the playground is: an element that is given the lab, and draws itself anew when a part of the state
// that it looks at was replaced.

import { LitElement, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { Lab } from "../store/lab";
import type { State } from "../store/state";

export abstract class LabElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;

  #unsubscribe: (() => void) | undefined;

  /** The parts of the state this element is drawn from; a change in none of them costs it nothing. */
  protected abstract readonly watches: readonly (keyof State)[];

  get state(): State {
    return this.lab.store.state;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#subscribe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /**
   * Every part draws itself for the first time in a task of its own: a worker's thread begins only when the page gives way, and
   * the engine is to load meanwhile.
   */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await new Promise((resolve) => setTimeout(resolve));
    await super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("lab")) {
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
      this.#subscribe();
    }
  }

  #subscribe(): void {
    // The property may come after the element is in the document.
    if (this.#unsubscribe || !(this.lab as Lab | undefined)) return;
    this.#unsubscribe = this.lab.store.subscribe((state, before) => {
      if (this.watches.some((part) => state[part] !== before[part])) this.requestUpdate();
    });
  }
}
