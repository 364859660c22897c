// Is the worker alive? A trap inside a thread of the pool or an endless loop sends no event: only silence tells.
//
//   silence of 3 s after an error event, or of 15 s without one  =>  dead
//
// A step of a large batch on a slow machine takes longer than that. The worker says before how long it expects to be silent
// (`busy`); from then on 15 s more than several times as long are given.
//
// Time in which the page was hidden or the machine slept does not count: then nobody answers, alive or not.

/** Silence that means death when the worker reported an uncaught error before. */
export const silenceAfterErrorMs = 3_000;
/** Silence that means death without any other sign. */
export const silenceMs = 15_000;
/** How often {@link Watchdog.tick} wants to be called. */
export const tickMs = 500;
/** Ticks further apart than this: the machine slept or the page was frozen. */
const jumpMs = 3_000;

/** How many times as long as was expected a silence may be. */
const patience = 4;

export type Verdict = "well" | "ask" | "dead";

/** Counts silence. The clock is an input, in milliseconds. */
export class Watchdog {
  #heard: number;
  #ticked: number;
  #error = false;
  #asked = false;
  #silenceMs = silenceMs;

  constructor(now: number) {
    this.#heard = now;
    this.#ticked = now;
  }

  /** A message came. */
  heard(now: number): void {
    this.#heard = now;
    this.#error = false;
    this.#asked = false;
  }

  /** The worker expects silences of so many milliseconds, until it says otherwise. */
  expects(ms: number): void {
    this.#silenceMs = silenceMs + patience * ms;
  }

  /** The worker reported an uncaught error. */
  sawError(): void {
    this.#error = true;
  }

  /** "ask": send a ping, any answer will do. */
  tick(now: number, hidden: boolean): Verdict {
    const jumped = now - this.#ticked > jumpMs;
    this.#ticked = now;
    if (hidden || jumped) {
      this.#heard = now;
      return "well";
    }
    const silence = now - this.#heard;
    if (silence >= this.#silenceMs || (this.#error && silence >= silenceAfterErrorMs)) {
      return "dead";
    }
    if (!this.#asked && silence >= 2 * tickMs) {
      this.#asked = true;
      return "ask";
    }
    return "well";
  }
}
