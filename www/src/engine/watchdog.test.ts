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
