// One-sentence explanations. `${tip("...")}` in a template's element position gives the element its description for screen
// readers; the playground's one tooltip (tooltip.ts) shows the same sentence on hover, on focus and on a finger's touch.

import { noChange } from "lit";
import { directive, Directive, PartType, type ElementPart, type PartInfo } from "lit/directive.js";

const sentences = new WeakMap<Element, { text: string; keys?: string }>();

class TipDirective extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("tip() stands where an element's attributes do");
  }

  render(_text: string, _keys?: string): unknown {
    return noChange;
  }

  override update(part: ElementPart, [text, keys]: [string, string?]): unknown {
    sentences.set(part.element, keys === undefined ? { text } : { text, keys });
    const spoken = keys === undefined ? text : `${text} (${keys})`;
    if (part.element.getAttribute("aria-description") !== spoken) part.element.setAttribute("aria-description", spoken);
    return noChange;
  }
}

/** Explains an element: one sentence, and the key that does the same. */
export const tip = directive(TipDirective);

/** The innermost element on an event's path that has an explanation. */
export function tipOf(event: Event): { element: Element; text: string; keys?: string } | null {
  for (const target of event.composedPath()) {
    const found = target instanceof Element ? sentences.get(target) : undefined;
    if (found) return { element: target as Element, ...found };
  }
  return null;
}
