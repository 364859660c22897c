// Canvases at the resolution of the screen.

/** Width and height in CSS pixels, and device pixels per CSS pixel. */
export interface Box {
  width: number;
  height: number;
  ratio: number;
}

/** Gives `canvas` the backing store for `box` and returns its cleared context in CSS pixels; null if there is none. */
export function fitCanvas(canvas: HTMLCanvasElement, box: Box): CanvasRenderingContext2D | null {
  const context = canvas.getContext("2d");
  if (context === null) return null;
  const width = Math.max(1, Math.round(box.width * box.ratio));
  const height = Math.max(1, Math.round(box.height * box.ratio));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  } else {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
  }
  context.setTransform(box.ratio, 0, 0, box.ratio, 0, 0);
  return context;
}

/** Gives `canvas` the size of `image` and its pixels. */
export function writePixels(canvas: HTMLCanvasElement, image: ImageData): void {
  if (canvas.width !== image.width) canvas.width = image.width;
  if (canvas.height !== image.height) canvas.height = image.height;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
