// Buffers that move to the page with an event instead of being copied a second time.

import type { Posted } from "./wire";

/** Every buffer in an event. Events hold only copies (see views.ts), so all of them may go. */
export function buffersOf(message: Posted): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  switch (message.type) {
    case "frame":
    case "points":
    case "evaluation":
    case "report":
    case "learning_rates":
    case "range_test":
    case "inspection":
    case "saved":
    case "snapshot":
      collect(message, found);
      break;
    default: // Plain data only.
  }
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (value instanceof ArrayBuffer) {
    found.add(value);
  } else if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) {
      found.add(value.buffer);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) {
      collect(part, found);
    }
  }
}
