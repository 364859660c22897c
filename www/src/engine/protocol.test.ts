import { expect, test } from "vitest";
import { commands, events } from "./samples";

/** What serde makes of typed arrays: lists. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof ArrayBuffer) {
    return [...new Uint8Array(value)];
  }
  return ArrayBuffer.isView(value) ? [...(value as unknown as Iterable<number>)] : value;
}

// The session's test reads this file with its own types; `vitest --update` writes it anew after a change of protocol.ts.
test("the samples stand in the fixture that the Rust session is tested with", async () => {
  const json = `${JSON.stringify({ commands, events }, plain, 2)}\n`;
  await expect(json).toMatchFileSnapshot("../../../crates/session/tests/protocol.json");
});
