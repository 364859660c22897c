// What a worker is to load before its first message, as the fragment of its script's address: messages wait until the page
// has time to send them, and while it draws itself it has none.

import type { EngineOptions } from "./protocol";

/** `#...`, for {@link earlyOptions}. */
export function earlyFragment(options: EngineOptions): string {
  return `#${encodeURIComponent(JSON.stringify(options))}`;
}

/** What {@link earlyFragment} was given. */
export function earlyOptions(fragment: string): EngineOptions {
  return JSON.parse(decodeURIComponent(fragment.slice(1))) as EngineOptions;
}
