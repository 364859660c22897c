import { describe, expect, test } from "vitest";
import { silenceAfterErrorMs, silenceMs, tickMs, Watchdog } from "./watchdog";

/** Ticks from `from` to `to` as a page does, and collects what is not "well". */
function run(dog: Watchdog, from: number, to: number, hidden = false): [number, string][] {
  const said: [number, string][] = [];
  for (let now = from; now <= to; now += tickMs) {
    const verdict = dog.tick(now, hidden);
    if (verdict !== "well") {
      said.push([now, verdict]);
    }
    if (verdict === "dead") {
      break;
    }
  }
  return said;
}

describe("watchdog", () => {
  test("asks once and waits for the long limit when nothing else speaks for a death", () => {
    const dog = new Watchdog(0);
    expect(run(dog, tickMs, 60_000)).toEqual([
      [2 * tickMs, "ask"],
      [silenceMs, "dead"],
    ]);
  });

  test("an answer begins the count anew", () => {
    const dog = new Watchdog(0);
    run(dog, tickMs, silenceMs - tickMs);
    dog.heard(silenceMs - tickMs);
    expect(dog.tick(silenceMs, false)).toBe("well");
    expect(dog.tick(silenceMs + tickMs, false)).toBe("ask");
  });

  test("a long silence that was announced is waited for, as long as nothing else is said", () => {
    const dog = new Watchdog(0);
    dog.heard(0);
    dog.expects(20_000);
    expect(run(dog, tickMs, 200_000)).toEqual([
      [2 * tickMs, "ask"],
      [silenceMs + 80_000, "dead"],
    ]);
    const other = new Watchdog(0);
    other.expects(20_000);
    run(other, tickMs, 60_000);
    other.heard(60_000);
    // The next step is as long.
    expect(run(other, 60_000 + tickMs, 120_000)).toEqual([[60_000 + 2 * tickMs, "ask"]]);
    other.heard(120_000);
    other.expects(10);
    expect(run(other, 120_000 + tickMs, 200_000).at(-1)).toEqual([120_000 + silenceMs + tickMs, "dead"]);
  });

  test("an error event makes the limit short, and an answer takes that back", () => {
    const dog = new Watchdog(0);
    dog.sawError();
    expect(run(dog, tickMs, 60_000).at(-1)).toEqual([silenceAfterErrorMs, "dead"]);

    const other = new Watchdog(0);
    other.sawError();
    other.heard(tickMs);
    expect(run(other, 2 * tickMs, 60_000).at(-1)).toEqual([silenceMs + tickMs, "dead"]);
  });

  test("time in a hidden page and a jump of the clock do not count", () => {
    const dog = new Watchdog(0);
    expect(run(dog, tickMs, 60_000, true)).toEqual([]);
    expect(dog.tick(60_000 + tickMs, false)).toBe("well");
    expect(dog.tick(600_000, false)).toBe("well");
    expect(dog.tick(600_000 + tickMs, false)).toBe("well");
  });
});
