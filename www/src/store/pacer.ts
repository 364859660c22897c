// Slow motion: one epoch at a time, so many a second, for eyes to follow. The engine knows nothing of it; it is told to step,
// and told again a moment after it has.

/** A tenth of a second between epochs: each can be seen, and the run still moves. */
const BETWEEN_MS = 100;

export class Pacer {
  readonly #step: () => void;
  #playing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(step: () => void) {
    this.#step = step;
  }

  get playing(): boolean {
    return this.#playing;
  }

  play(): void {
    this.#playing = true;
    clearTimeout(this.#timer);
    this.#step();
  }

  pause(): void {
    this.#playing = false;
    clearTimeout(this.#timer);
  }

  /** The engine has done its step. */
  stepped(): void {
    clearTimeout(this.#timer);
    if (!this.#playing) return;
    this.#timer = setTimeout(() => {
      if (this.#playing) this.#step();
    }, BETWEEN_MS);
  }
}
