// The marks of the classes: eight shapes of about the same area, so that no class is told by colour alone.

/** Names of the marks in the order that classes take them. */
export const MARKS = ["circle", "square", "diamond", "triangle", "cross", "inverted", "plus", "star"] as const;

export type MarkName = (typeof MARKS)[number];

/** What a mark is drawn on: a canvas context, a Path2D, or a test's recorder. */
export type PathTarget = Pick<Path2D, "moveTo" | "lineTo" | "arc" | "closePath">;

type Outline = readonly (readonly [number, number])[];

const polar = (corners: number, turn: number, radii: readonly number[]): Outline =>
  Array.from({ length: corners }, (_, i) => {
    const angle = turn + (i * 2 * Math.PI) / corners;
    const radius = radii[i % radii.length] as number;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius] as const;
  });

/** A plus sign of arms `w` wide, `r` long, turned by `turn`. */
const plus = (r: number, w: number, turn: number): Outline =>
  [
    [-w, -r],
    [w, -r],
    [w, -w],
    [r, -w],
    [r, w],
    [w, w],
    [w, r],
    [-w, r],
    [-w, w],
    [-r, w],
    [-r, -w],
    [-w, -w],
  ].map(([x, y]) => {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    return [(x as number) * c - (y as number) * s, (x as number) * s + (y as number) * c] as const;
  });

// In units of the circle's radius.
const OUTLINES: Record<Exclude<MarkName, "circle">, Outline> = {
  square: polar(4, Math.PI / 4, [1.25]),
  diamond: polar(4, 0, [1.3]),
  triangle: polar(3, -Math.PI / 2, [1.45]),
  inverted: polar(3, Math.PI / 2, [1.45]),
  cross: plus(1.3, 0.42, Math.PI / 4),
  plus: plus(1.3, 0.42, 0),
  star: polar(10, -Math.PI / 2, [1.5, 0.7]),
};

/** Adds the outline of a mark around (`x`, `y`) with the size of a circle of that radius. */
export function traceMark(path: PathTarget, mark: MarkName, x: number, y: number, radius: number): void {
  if (mark === "circle") {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
    path.closePath();
    return;
  }
  OUTLINES[mark].forEach(([dx, dy], i) => {
    if (i === 0) path.moveTo(x + dx * radius, y + dy * radius);
    else path.lineTo(x + dx * radius, y + dy * radius);
  });
  path.closePath();
}

/** The mark as the `d` of an SVG path around (0, 0), for legends. */
export function markPath(mark: MarkName, radius: number): string {
  const n = (value: number): string => value.toFixed(2);
  if (mark === "circle") {
    const r = n(radius);
    return `M${r} 0A${r} ${r} 0 1 1 ${n(-radius)} 0A${r} ${r} 0 1 1 ${r} 0Z`;
  }
  return `M${OUTLINES[mark].map(([x, y]) => `${n(x * radius)} ${n(y * radius)}`).join("L")}Z`;
}
