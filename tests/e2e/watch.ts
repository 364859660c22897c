// What must hold on every page at every moment, watched while each test does its work:
// nothing that is no number on screen (in text, attributes, fields, drawn on a canvas), nothing refused by the content security policy, no error in the console, no request to
// anyone but the page's own origin. `check()` says everything that was wrong.

import type { Page } from "@playwright/test";

/** What the script inside the page keeps; every frame has its own. */
interface Kept {
  texts: string[];
  violations: string[];
}

export class Watch {
  readonly #page: Page;
  readonly #wrong: string[] = [];
  readonly #allowed: RegExp[] = [];

  private constructor(page: Page) {
    this.#page = page;
  }

  static async over(page: Page, origins: readonly string[]): Promise<Watch> {
    const watch = new Watch(page);
    await page.addInitScript(watchInside);
    page.on("pageerror", (error) => watch.#say(`uncaught: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") watch.#say(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      const own = origins.includes(url.origin) || url.protocol === "blob:" || url.protocol === "data:";
      if (!own) watch.#say(`a request left the page: ${request.url()}`);
    });
    return watch;
  }

  /** This test provokes what these say. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  #say(what: string): void {
    this.#wrong.push(what);
  }

  /** Everything that was wrong so far. */
  async found(): Promise<string[]> {
    const inside: string[] = [];
    for (const frame of this.#page.frames()) {
      const kept = await frame
        .evaluate(() => (globalThis as unknown as { watched?: Kept }).watched ?? { texts: [], violations: [] })
        .catch(() => ({ texts: [], violations: [] }));
      inside.push(...kept.texts.map((text) => `on screen: ${text}`), ...kept.violations.map((what) => `refused: ${what}`));
    }
    return [...this.#wrong, ...inside].filter((what) => !this.#allowed.some((pattern) => pattern.test(what)));
  }
}

/** Runs in the page, before its own scripts. */
function watchInside(): void {
  const kept: Kept = { texts: [], violations: [] };
  (globalThis as unknown as { watched: Kept }).watched = kept;
  document.addEventListener("securitypolicyviolation", (event) => {
    kept.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample} at ${event.sourceFile}:${event.lineNumber}`);
  });

  const wrong = /(^|[^\p{L}\p{N}_])(NaN|undefined|-?Infinity|null)($|[^\p{L}\p{N}_])|\[object |∞/u;
  const quote = (text: string) => text.trim().slice(0, 120);
  const note = (text: string) => {
    if (kept.texts.length < 20 && !kept.texts.includes(text)) kept.texts.push(text);
  };
  for (const canvas of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    for (const name of ["fillText", "strokeText"] as const) {
      const draw = Reflect.get<CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, typeof name>(canvas.prototype, name);
      Reflect.set(canvas.prototype, name, function (this: unknown, text: string, ...rest: number[]) {
        if (wrong.test(text)) note(`"${quote(text)}" on a canvas`);
        Reflect.apply(draw, this, [text, ...(rest as [number, number])]);
      });
    }
  }
  const look = (root: Node): void => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node: Node | null = walker.currentNode; node; node = walker.nextNode()) {
      if (node instanceof Text) {
        const inside = node.parentElement?.localName;
        if (inside !== "style" && inside !== "script" && wrong.test(node.data)) note(`"${quote(node.data)}" in <${inside}>`);
      } else if (node instanceof Element) {
        for (const { name, value } of node.attributes) {
          if (wrong.test(value)) note(`${name}="${quote(value)}" of <${node.localName}>`);
        }
        if (node instanceof HTMLInputElement && wrong.test(node.value)) note(`"${quote(node.value)}" in <input>`);
        if (node.shadowRoot) look(node.shadowRoot);
      }
    }
  };
  setInterval(() => {
    if (document.body) look(document.body);
  }, 200);
}
