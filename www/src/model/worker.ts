// The worker of one model: calls come in, answers go out, one after the other.

import { ModelHost } from "./host";
import type { Call, Calls, FromModel, ToModel } from "./wire";

interface Scope {
  postMessage(message: FromModel): void;
  onmessage: ((event: MessageEvent<ToModel>) => void) | null;
}

const scope = self as unknown as Scope;
/** The number of the call that is carried out. */
let current = 0;
let before: Promise<void> = Promise.resolve();
const host = new ModelHost((epoch, logs) => scope.postMessage({ id: current, epoch, logs }));

async function carryOut({ id, call, given }: Call): Promise<void> {
  current = id;
  try {
    const calls = host as unknown as Record<keyof Calls, (...given: unknown[]) => unknown>;
    scope.postMessage({ id, answer: await calls[call](...given) });
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

scope.onmessage = ({ data }) => {
  if (data.call === "stop") {
    host.stop();
    return;
  }
  before = before.then(() => carryOut(data));
};
