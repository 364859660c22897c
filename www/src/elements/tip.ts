// One-sentence explanations. `${tip("...")}` in a template's element position gives the element its description for screen
// readers; the playground's one tooltip (tooltip.ts) shows the same sentence on hover, on focus and on a finger's touch.

import { noChange } from "lit";
import { directive, Directive, PartType, type ElementPart, type PartInfo } from "lit/directive.js";

/** What an explained element says when it gets the focus, and when it loses it. */
export const TIP_IN = "tip-in";
export const TIP_OUT = "tip-out";

/** The browser's own events of the focus end where it stays inside: from one part of a playground to the next none is heard outside. */
function pass({ type, target }: Event): void {
  target?.dispatchEvent(new CustomEvent(type === "focusin" ? TIP_IN : TIP_OUT, { bubbles: true, composed: true }));
}

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
    if (!sentences.has(part.element)) {
      part.element.addEventListener("focusin", pass);
      part.element.addEventListener("focusout", pass);
    }
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
    if (found?.text) return { element: target as Element, ...found };
  }
  return null;
}
