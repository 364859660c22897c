import { html, render } from "lit";
import { afterEach, expect, it } from "vitest";
import { tip, tipOf } from "./tip";

afterEach(() => document.body.replaceChildren());

/** What is told of the button when the pointer comes to it. */
function told(): ReturnType<typeof tipOf> {
  let found: ReturnType<typeof tipOf> = null;
  const hear = (event: Event) => {
    found = tipOf(event);
  };
  document.body.addEventListener("pointerover", hear);
  document.querySelector("button")?.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, composed: true }));
  document.body.removeEventListener("pointerover", hear);
  return found;
}

it("an element whose sentence has not come yet has no tooltip, and has one when it comes", () => {
  const draw = (sentence: string) => render(html`<p><button ${tip(sentence)}>Units</button></p>`, document.body);
  draw("");
  expect(told()).toBeNull();
  draw("How many outputs the layer has.");
  expect(told()).toMatchObject({ text: "How many outputs the layer has." });
  expect(document.querySelector("button")?.getAttribute("aria-description")).toBe("How many outputs the layer has.");
});
