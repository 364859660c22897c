// The worker of one model: calls come in, answers go out, one after the other; those of callbacks while a fit waits for them.

import { ModelHost } from "./host";
import type { Call, Calls, FromModel, ToModel } from "./wire";

interface Scope {
  postMessage(message: FromModel): void;
  onmessage: ((event: MessageEvent<ToModel>) => void) | null;
}

const scope = self as unknown as Scope;
/** The number of the fit that goes on. */
let fit = 0;
let before: Promise<void> = Promise.resolve();
const host = new ModelHost((event) => scope.postMessage({ id: fit, event }));

async function carryOut({ id, call, given }: Call): Promise<void> {
  try {
    if (call === "fit" && !host.isFitting) fit = id;
    const calls = host as unknown as Record<keyof Calls, (...given: unknown[]) => unknown>;
    scope.postMessage({ id, answer: await calls[call](...given) });
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

scope.onmessage = ({ data }) => {
  if (data.call === "stop") host.stop();
  else if (data.call === "go_on") host.goOn(data.goesOn);
  else if (data.now && host.isFitting) void carryOut(data);
  else before = before.then(() => carryOut(data));
};
