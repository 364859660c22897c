// Messages: one sentence each, with what can be done about it as buttons. A new word on the same subject replaces the old.

import type { EngineError } from "../engine/protocol";
import type { Message } from "./state";

/** What a message is about. */
export type Subject = "engine" | "load" | "configure" | "run" | "save" | "link";

let lastId = 0;

export function addMessage(
  messages: readonly Message[],
  subject: Subject,
  kind: Message["kind"],
  error: Pick<EngineError, "message" | "path" | "advice">,
): readonly Message[] {
  lastId += 1;
  const message: Message = { id: lastId, subject, kind, text: error.message, advice: error.advice ?? [] };
  if (error.path !== undefined) message.path = error.path;
  return [...clearMessages(messages, subject), message];
}

export function clearMessages(messages: readonly Message[], ...subjects: Subject[]): readonly Message[] {
  const kept = messages.filter((message) => !subjects.includes(message.subject));
  return kept.length === messages.length ? messages : kept;
}

export function dismissMessage(messages: readonly Message[], id: number): readonly Message[] {
  return messages.filter((message) => message.id !== id);
}
