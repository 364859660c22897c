// The drawing library of the curves, fetched once, when the first of them has something to draw.

type Drawing = typeof import("./drawing.js");

let drawing: Drawing | null = null;
let coming: Promise<void> | null = null;

/** The library; null while it is on its way, and then `arrived` is called when it has come. */
export function library(arrived: () => void): Drawing | null {
  if (drawing === null) {
    coming ??= import("./drawing.js").then(
      (module) => {
        drawing = module;
      },
      () => {
        // The network may be back at the next drawing.
        coming = null;
      },
    );
    void coming.then(() => {
      if (drawing !== null) arrived();
    });
  }
  return drawing;
}
