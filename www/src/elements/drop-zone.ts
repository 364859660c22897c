// Files dropped anywhere on the playground: the controller knows when one hovers above it and hands over what is dropped.

import type { ReactiveController, ReactiveControllerHost } from "lit";

type Host = ReactiveControllerHost & HTMLElement;

export class DropZone implements ReactiveController {
  /** A file is held over the element. */
  over = false;

  readonly #host: Host;
  readonly #take: (file: File) => void;
  /** dragenter and dragleave come in pairs for every child passed. */
  #depth = 0;

  constructor(host: Host, take: (file: File) => void) {
    this.#host = host;
    this.#take = take;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("dragenter", this.#enter);
    this.#host.addEventListener("dragover", this.#hold);
    this.#host.addEventListener("dragleave", this.#leave);
    this.#host.addEventListener("drop", this.#drop);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("dragenter", this.#enter);
    this.#host.removeEventListener("dragover", this.#hold);
    this.#host.removeEventListener("dragleave", this.#leave);
    this.#host.removeEventListener("drop", this.#drop);
  }

  #show(over: boolean): void {
    if (!over) this.#depth = 0;
    if (this.over === over) return;
    this.over = over;
    this.#host.requestUpdate();
  }

  readonly #enter = (event: DragEvent) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    this.#depth += 1;
    this.#show(true);
  };

  readonly #hold = (event: DragEvent) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  };

  readonly #leave = (event: DragEvent) => {
    if (!holdsFile(event)) return;
    this.#depth -= 1;
    if (this.#depth <= 0) this.#show(false);
  };

  readonly #drop = (event: DragEvent) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    this.#show(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) this.#take(file);
  };
}

function holdsFile(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
