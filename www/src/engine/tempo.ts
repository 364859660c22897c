// How many epochs a second training may do. Small data learn in an instant: nobody could watch it.
//
//   slice of at most `most()` epochs -> `ended(epochs)` -> `wait()` ms -> next slice

/** Slices this close together look as if they never stopped. */
const sliceMs = 12;

export class Tempo {
  #msPerEpoch = 0;
  #next = 0;

  /** At most so many epochs a second; null: no limit. */
  set(epochsPerSecond: number | null): void {
    this.#msPerEpoch = epochsPerSecond === null || !(epochsPerSecond > 0) ? 0 : 1000 / epochsPerSecond;
    this.#next = 0;
  }

  /** Epochs that the next slice may end. */
  most(): number {
    return this.#msPerEpoch === 0 ? 0xffff_ffff : Math.max(1, Math.floor(sliceMs / this.#msPerEpoch));
  }

  /** A slice ended so many epochs. Time that training took itself counts; time lost before is not made up for. */
  ended(epochs: number, now: number): void {
    if (epochs > 0) {
      this.#next = Math.max(this.#next, now - this.#msPerEpoch) + epochs * this.#msPerEpoch;
    }
  }

  /** Milliseconds until the next slice; 0: at once. */
  wait(now: number): number {
    return this.#msPerEpoch === 0 ? 0 : Math.max(0, this.#next - now);
  }
}
