// A directive that sets custom properties on an element through the CSSOM.
//
// Lit's styleMap writes a style attribute on its first render, which a page with `style-src 'self'` refuses.

import { noChange } from "lit";
import { directive, Directive, type ElementPart } from "lit/directive.js";

class CssVars extends Directive {
  private last: Record<string, string> = {};

  override render(_values: Record<string, string>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Record<string, string>]): unknown {
    const style = (part.element as HTMLElement | SVGElement).style;
    for (const name of Object.keys(this.last)) if (!(name in values)) style.removeProperty(name);
    for (const [name, value] of Object.entries(values)) {
      if (this.last[name] !== value) style.setProperty(name, value);
    }
    this.last = { ...values };
    return noChange;
  }
}

/** `<td ${cssVars({ "--share": "0.4" })}>`: properties (custom or plain) of this element, kept in step. */
export const cssVars = directive(CssVars);
