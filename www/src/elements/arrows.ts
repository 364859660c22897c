// Arrow keys inside a group: one stop for Tab, arrows from one to the next, Home and End to the ends.

const STEPS: Record<string, (index: number, length: number) => number> = {
  ArrowRight: (index, length) => (index + 1) % length,
  ArrowDown: (index, length) => (index + 1) % length,
  ArrowLeft: (index, length) => (index - 1 + length) % length,
  ArrowUp: (index, length) => (index - 1 + length) % length,
  Home: () => 0,
  End: (_index, length) => length - 1,
};

/** For a group's `keydown`: moves focus among `items`, and returns the item that has it now, or null. */
export function moveFocus(event: KeyboardEvent, items: readonly HTMLElement[]): HTMLElement | null {
  const step = STEPS[event.key];
  const at = items.findIndex((item) => item.matches(":focus"));
  if (!step || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return null;
  const next = items[step(at, items.length)];
  if (!next) return null;
  event.preventDefault();
  next.focus();
  return next;
}
