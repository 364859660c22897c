// Holds one immutable state and tells whoever asked when it was replaced. Nothing here knows what the state means.

export type Listener<T> = (state: T, before: T) => void;

export class Store<T extends object> {
  #state: T;
  #listeners = new Set<Listener<T>>();

  constructor(state: T) {
    this.#state = state;
  }

  get state(): T {
    return this.#state;
  }

  /** Replaces the parts named in `change`. Listeners hear of it at once, and only if a part is really another. */
  set(change: Partial<T>): void {
    const before = this.#state;
    const keys = Object.keys(change) as (keyof T)[];
    if (keys.every((key) => Object.is(before[key], change[key]))) return;
    this.#state = { ...before, ...change };
    for (const listener of [...this.#listeners]) listener(this.#state, before);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
