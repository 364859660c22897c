// A playground as a person uses it: by roles and names. Besides, what the engine told the page, word for word, for the tests
// that compare numbers.

import { expect, type Locator, type Page } from "@playwright/test";
import type { EpochRecord, Event, PredictedRow } from "../../www/src/engine/protocol";

/** The engine's words, without the pictures. */
export interface Heard {
  type: Event["type"];
  [field: string]: unknown;
}

/** Listens to every engine client of the page from its first word on. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    interface Client {
      on(listener: (event: Record<string, unknown> & { type: string; frame?: Record<string, unknown> }) => void): void;
    }
    const heard: unknown[][] = [];
    const clients: Client[] = [];
    clients.push = (...made: Client[]) => {
      for (const client of made) {
        const words: unknown[] = [];
        heard.push(words);
        client.on((event) => {
          const { frame } = event;
          if (frame) {
            const { epoch, step, running, loss, history } = frame;
            words.push({ type: "frame", epoch, step, running, loss, history });
          } else if (event.type !== "progress" && event.type !== "alive" && event.type !== "points") {
            words.push(event.type === "saved" ? { type: "saved" } : JSON.parse(JSON.stringify(event)));
          }
        });
      }
      return Array.prototype.push.apply(clients, made);
    };
    Object.assign(globalThis, { tabgradTest: { clients }, tabgradHeard: heard });
  });
}

export class Lab {
  readonly page: Page;
  readonly root: Locator;
  readonly #index: number;

  constructor(page: Page, root: Locator = page.locator("tabgrad-playground"), index = 0) {
    this.page = page;
    this.root = root;
    this.#index = index;
  }

  // ---- what is on the page ----------------------------------------------------------------------------------------

  get trainButton(): Locator {
    return this.root.getByRole("button", { name: "Train", exact: true });
  }

  get pauseButton(): Locator {
    return this.root.getByRole("button", { name: "Pause", exact: true });
  }

  get stepButton(): Locator {
    return this.root.getByRole("button", { name: "Step", exact: true });
  }

  get resetButton(): Locator {
    return this.root.getByRole("button", { name: "Reset", exact: true });
  }

  get trainBar(): Locator {
    return this.root.getByRole("group", { name: "Training", exact: true });
  }

  /** What stands beside a word in the training bar. */
  reading(word: string | RegExp): Locator {
    const term = this.page.getByRole("term").filter({ hasText: word });
    return this.trainBar.locator("div").filter({ has: term }).locator("dd");
  }

  /** The epoch that the page shows. */
  async epoch(): Promise<number> {
    const text = await this.reading(/^Epoch$/).innerText();
    return Number(text.replace(/ of .*/s, "").replaceAll(",", ""));
  }

  /** A share that the page shows in per cent. */
  async share(word: string | RegExp): Promise<number> {
    return Number.parseFloat(await this.reading(word).innerText()) / 100;
  }

  /** The sentences that say what went wrong. */
  get messages(): Locator {
    const all = this.root.getByRole("group", { name: "Messages", exact: true });
    return all.getByRole("alert").or(all.getByRole("status"));
  }

  get badge(): Locator {
    return this.root.locator("tabgrad-engine-badge a");
  }

  field(name: string): Locator {
    return this.root.getByRole("spinbutton", { name, exact: true });
  }

  // ---- what a person does -----------------------------------------------------------------------------------------

  /** Opens a page of the site and waits until Train can be pressed. */
  async open(path = "./"): Promise<void> {
    await this.page.goto(path);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.trainButton).toBeEnabled({ timeout: 30_000 });
  }

  /** Presses Train and waits until the engine has begun; a few epochs of a small network may be over by then. */
  async train(): Promise<void> {
    const started = async () => (await this.heard()).filter((event) => event.type === "started").length;
    const before = await started();
    await this.trainButton.click();
    await expect.poll(started).toBeGreaterThan(before);
  }

  /** Pauses what runs; what has ended by itself stays as it is. */
  async pause(): Promise<void> {
    if (await this.pauseButton.isVisible()) await this.pauseButton.click();
    await expect(this.trainButton).toBeEnabled();
  }

  /** Trains until that many epochs were shown, then pauses. */
  async trainFor(epochs: number): Promise<void> {
    await this.train();
    await expect.poll(() => this.epoch(), { timeout: 60_000 }).toBeGreaterThanOrEqual(epochs);
    await this.pause();
  }

  async choose(preset: string): Promise<void> {
    await this.root.locator("tabgrad-data-menu").getByRole("button").first().click();
    await this.root.getByRole("menuitemradio", { name: new RegExp(`^${preset}`) }).click();
    await this.ready();
  }

  /** Drags files from outside the browser onto the page and lets go: the events are the browser's own. */
  async drop(...files: string[]): Promise<void> {
    const target = this.root.first();
    await target.scrollIntoViewIfNeeded();
    const box = await target.boundingBox();
    if (!box) throw new Error("nothing to drop on");
    const view = this.page.viewportSize();
    const x = box.x + box.width / 2;
    const y = Math.min(box.y + box.height / 2, (view?.height ?? 600) - 40);
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await session.send("Input.dispatchDragEvent", { type, x, y, data });
    }
    await session.detach();
  }

  /** Presses Save and gives the file's bytes. */
  async save(): Promise<{ name: string; bytes: Buffer }> {
    const download = this.page.waitForEvent("download");
    await this.root.getByRole("button", { name: "Save", exact: true }).click();
    const file = await download;
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }

  /** Opens a model file through the Load button. */
  async load(name: string, bytes: Buffer): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.root.getByRole("button", { name: "Load", exact: true }).click();
    await (await chooser).setFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
  }

  // ---- what the engine said ---------------------------------------------------------------------------------------

  async heard(): Promise<Heard[]> {
    return this.page.evaluate(
      (index) => (globalThis as unknown as { tabgradHeard: Heard[][] }).tabgradHeard[index] ?? [],
      this.#index,
    );
  }

  async lastHeard(type: Event["type"]): Promise<Heard | undefined> {
    // Found on the page: all it has heard is much to send, and this is asked again and again.
    return this.page.evaluate(
      ([index, type]) =>
        (globalThis as unknown as { tabgradHeard: Heard[][] }).tabgradHeard[index]?.findLast((event) => event.type === type),
      [this.#index, type] as const,
    );
  }

  /** Every epoch's scores since the last start. */
  async history(): Promise<EpochRecord[]> {
    const heard = await this.heard();
    const begin = heard.findLastIndex((event) => event.type === "reset" || event.type === "configured");
    return heard.slice(begin + 1).flatMap((event) => (event.type === "frame" ? (event["history"] as EpochRecord[]) : []));
  }

  /** How often training has stopped, for whatever reason. */
  async stops(): Promise<number> {
    return (await this.heard()).filter((event) => event.type === "stopped").length;
  }

  /** Presses Train and waits until it stops by itself: the epochs are done. Small networks are done before one can look. */
  async trainToEnd(timeout = 60_000): Promise<void> {
    const before = await this.stops();
    await this.trainButton.click();
    await expect.poll(() => this.stops(), { timeout }).toBeGreaterThan(before);
    expect((await this.lastHeard("stopped"))?.["reason"]).toBe("finished");
    await expect(this.trainButton).toBeEnabled();
  }

  /** Predictions straight from the engine: all digits. */
  async predict(rows: (string | null)[][]): Promise<PredictedRow[]> {
    return this.page.evaluate(
      ({ rows, index }) => {
        interface Predicting {
          predict(rows: (string | null)[][]): Promise<PredictedRow[]>;
        }
        const { clients } = (globalThis as unknown as { tabgradTest: { clients: Predicting[] } }).tabgradTest;
        const client = clients[index];
        if (!client) throw new Error("the page made no engine");
        return client.predict(rows);
      },
      { rows, index: this.#index },
    );
  }

  async provoke(how: "trap" | "trap_in_pool" | "hang" | "error"): Promise<void> {
    await this.page.evaluate(
      ({ how, index }) => {
        interface Provoked {
          provoke(how: string): void;
        }
        const { clients } = (globalThis as unknown as { tabgradTest: { clients: Provoked[] } }).tabgradTest;
        clients[index]?.provoke(how);
      },
      { how, index: this.#index },
    );
  }
}

/** Draws a stroke from top to bottom. */
export async function stroke(pad: Locator): Promise<void> {
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error("the pad is on the page");
  const { mouse } = pad.page();
  await mouse.move(box.x + box.width / 2, box.y + box.height * 0.1);
  await mouse.down();
  await mouse.move(box.x + box.width / 2, box.y + box.height * 0.9, { steps: 8 });
  await mouse.up();
}
