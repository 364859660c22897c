// A soft round brush on a grid of pixels: what a stroke of the pointer adds to a picture.
//
//   ink = clamp((radius + 1/2) - distance of the pixel's centre to the stroke, 0, 1)
//
// All lengths are in pixels of the picture; values go from 0 (paper) to 1 (ink).

export interface Point {
  x: number;
  y: number;
}

/** Inks the pixels along the stroke `from`..`to`; a pixel keeps the most ink it ever got. With `erase`, ink is taken away. */
export function stroke(
  pixels: Float32Array,
  width: number,
  from: Point,
  to: Point,
  radius: number,
  erase = false,
): void {
  for (let i = 0; i < pixels.length; i++) {
    const centre = { x: (i % width) + 0.5, y: Math.floor(i / width) + 0.5 };
    const ink = Math.min(1, Math.max(0, radius + 0.5 - distance(centre, from, to)));
    const before = pixels[i] as number;
    pixels[i] = erase ? Math.min(before, 1 - ink) : Math.max(before, ink);
  }
}

/** From a point to the nearest point of a segment. */
function distance(point: Point, from: Point, to: Point): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length));
  return Math.hypot(point.x - from.x - t * dx, point.y - from.y - t * dy);
}

/** The picture moved so that its ink is centred: where people draw is not where the data's writers wrote. */
export function centred(pixels: Float32Array, width: number): Float32Array {
  const height = pixels.length / width;
  let [left, right, top, bottom] = [width, -1, height, -1];
  pixels.forEach((ink, i) => {
    if (ink < 0.1) return;
    left = Math.min(left, i % width);
    right = Math.max(right, i % width);
    top = Math.min(top, Math.floor(i / width));
    bottom = Math.max(bottom, Math.floor(i / width));
  });
  if (right < 0) return pixels;
  const dx = Math.round((width - 1 - left - right) / 2);
  const dy = Math.round((height - 1 - top - bottom) / 2);
  const moved = new Float32Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x - dx, y - dy];
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue;
      moved[y * width + x] = pixels[fromY * width + fromX] as number;
    }
  }
  return moved;
}
