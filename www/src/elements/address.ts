// The address of a page that says what was chosen, after its `#`: read at the start and when somebody changes it, written when
// a choice changes. The words of links (store/url.ts) come when there is one to read, or once the page has begun; nobody
// copies an address before.

type Words = typeof import("../store/url");
type Said = Parameters<Words["writeHash"]>;

const WRITTEN_AFTER_MS = 1_500;

export class Address {
  #words: Words | undefined;
  #written = "";
  #isAwaited = false;

  /** `said` is what the address shall say now, undefined where there is nothing to say. */
  constructor(private readonly said: () => Said | undefined) {}

  /** What a link asks for; null where there is none, or one that names no preset of ours. */
  async read(): Promise<ReturnType<Words["readHash"]>> {
    const hash = location.hash.slice(1);
    if (hash === "") return null;
    const { readHash } = await this.#load();
    const linked = readHash(hash);
    if (linked) this.#written = hash;
    return linked;
  }

  /** Whether the address says something that was not written here. */
  get isNew(): boolean {
    return location.hash.slice(1) !== this.#written;
  }

  /** The address says what was chosen, soon; the history of the browser does not grow with every click. */
  mirror(): void {
    if (this.#words) {
      this.#write(this.#words);
    } else if (!this.#isAwaited) {
      this.#isAwaited = true;
      setTimeout(() => void this.#writeFirst(), WRITTEN_AFTER_MS);
    }
  }

  async #writeFirst(): Promise<void> {
    try {
      this.#write(await this.#load());
    } catch {
      // The network may be back at the next choice.
      this.#isAwaited = false;
    }
  }

  #write({ writeHash }: Words): void {
    const said = this.said();
    if (!said) return;
    const hash = writeHash(...said);
    if (hash === this.#written) return;
    this.#written = hash;
    history.replaceState(history.state, "", hash === "" ? location.pathname + location.search : `#${hash}`);
  }

  async #load(): Promise<Words> {
    return (this.#words ??= await import("../store/url"));
  }
}
