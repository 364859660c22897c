// Where everything of a network stands in a box of so many pixels.
//
//        input 4      dense 8      dense 3          headings
//                        ▢
//   names  ▢             ▢            ▢  names      tiles, evenly spaced around the middle of their band
//          ▢             ▢            ▢
//          ▢             ▢
//                     … 56 more                     what does not fit is counted, never left out silently
//                       − +                         controls
//
// A network that is too wide for the box keeps its spacing and the view scrolls.

import { columnDetail, columnTitle, type Graph, type GraphColumn, type GraphLink } from "./graph.js";

export interface PlacedColumn extends GraphColumn {
  /** Index in the graph's columns. */
  index: number;
  /** Middle of its tiles. */
  x: number;
  /** Widest that its heading may be. */
  room: number;
  /** The band that belongs to it, headings and controls included. */
  top: number;
  bottom: number;
  /** Middle of each unit that is shown. */
  ys: Float64Array;
  /** Units that are not shown, and where that is written. */
  more: number;
  moreY: number;
  /** Side of a tile, and distance of one to the next. */
  tile: number;
  pitch: number;
}

export interface PlacedLink extends GraphLink {
  /** Index in the graph's links. */
  index: number;
  /** Where its edges leave and arrive. */
  x0: number;
  x1: number;
}

export interface NetworkLayout {
  /** Of the drawing: at least the box, more when it scrolls. */
  width: number;
  height: number;
  columns: PlacedColumn[];
  links: PlacedLink[];
  /** Names beside the tiles ("side") or under them ("below"), and how wide they may be. */
  labels: "side" | "below";
  labelWidth: number;
}

/** Height of the two lines of a heading, and of the controls. */
export const HEADING = 40;
export const CONTROLS = 36;
const SKIP_ROOM = 14;
/** Sides of tiles: the fewer units the largest layer shows, the larger. */
const LARGEST_TILES: readonly (readonly [units: number, tile: number])[] = [
  [4, 42],
  [6, 36],
  [Infinity, 30],
];
const LARGEST_PITCH = 60;
const SMALLEST_PITCH = 15;
const LABEL_HEIGHT = 16;
/** Widths of names: beside the tiles at most, under them, the mark of a class, and what lies between name and tile. */
const LONGEST_LABEL = 120;
const BELOW_LABEL = 84;
const MARK = 17;
const GAP_TO_LABEL = 8;
/** Distances between columns: between two with tiles, and where one of them only passes values on. */
const SMALLEST_GAP = 72;
const SMALLEST_PASS_GAP = 54;
/** Small networks in large boxes are not pulled apart more than this. */
const WIDEST = 3.2;

export interface LayoutOptions {
  width: number;
  height: number;
  /** Width of a text in the small size. */
  measure: (text: string) => number;
}

/** Places the units of one column in its band. */
function placeUnits(
  column: GraphColumn,
  top: number,
  bottom: number,
  labelled: boolean,
  largestTile: number,
): Pick<PlacedColumn, "ys" | "more" | "moreY" | "tile" | "pitch"> {
  const height = Math.max(0, bottom - top);
  const smallest = labelled ? 20 + LABEL_HEIGHT : SMALLEST_PITCH;
  const slots = Math.max(2, Math.floor(height / smallest));
  const shown = column.units <= slots ? column.units : slots - 1;
  const more = column.units - shown;
  const used = shown + (more > 0 ? 1 : 0);
  const pitch = used === 0 ? 0 : Math.min(LARGEST_PITCH, height / used);
  const largest = column.kind === "pass" ? 14 : largestTile;
  const tile = Math.max(
    6,
    Math.min(largest, Math.round(pitch - (labelled ? LABEL_HEIGHT + 3 : Math.max(3, pitch * 0.22)))),
  );
  const first = (top + bottom) / 2 - ((used - 1) * pitch) / 2 - (labelled ? LABEL_HEIGHT / 2 : 0);
  const ys = Float64Array.from({ length: shown }, (_, i) => first + i * pitch);
  return { ys, more, moreY: first + shown * pitch, tile, pitch };
}

const isInput = ({ kind }: GraphColumn): boolean => kind === "input";

/** Columns by rank, each rank in the order of the layers. */
function byRank(graph: Graph): number[][] {
  const ranks: number[][] = [];
  graph.columns.forEach((column, index) => (ranks[column.rank] ??= []).push(index));
  return ranks.filter((rank) => rank !== undefined);
}

/** Lays a network out. */
export function layoutNetwork(graph: Graph, options: LayoutOptions): NetworkLayout {
  const ranks = byRank(graph);
  const thin = ranks.map((rank) => rank.every((index) => graph.columns[index]?.kind === "pass"));
  const gaps = ranks.slice(1).map((_, i) => (thin[i] || thin[i + 1] ? SMALLEST_PASS_GAP : SMALLEST_GAP));
  const smallest = gaps.reduce((sum, gap) => sum + gap, 0);

  const most = Math.max(0, ...graph.columns.map((column) => column.units));
  const largestTile = LARGEST_TILES.find(([units]) => most <= units)?.[1] ?? 30;
  const widest = (column: GraphColumn): number =>
    column.labels === null ? 0 : Math.max(0, ...column.labels.slice(0, 64).map((label) => options.measure(label)));
  // Inputs have their names on the left, outputs on the right behind a mark; each side gets what its names need.
  const needs = (columns: readonly GraphColumn[], mark: number): number => {
    const longest = Math.max(0, ...columns.map(widest));
    return longest === 0 ? 0 : Math.min(LONGEST_LABEL, Math.ceil(longest) + mark);
  };
  const [left, right] = [needs(graph.columns.filter(isInput), 2), needs(graph.columns.filter((it) => !isInput(it)), MARK)];
  const half = largestTile / 2;
  const edge = (label: number): number => Math.max(SMALLEST_GAP / 2, half + (label === 0 ? 0 : label + GAP_TO_LABEL));
  // Beside the tiles only where there is room for it without crowding.
  const side = options.width >= smallest * 1.6 + edge(left) + edge(right);
  const [before, after] = side ? [edge(left), edge(right)] : [BELOW_LABEL / 2, BELOW_LABEL / 2];
  const inner = Math.max(smallest, Math.min(smallest * WIDEST, options.width - before - after));
  const width = Math.max(options.width, inner + before + after);

  const skips = graph.links.some((link) => link.skips);
  // A title of two lines with a shape below it makes all headings higher, so that tiles begin at one height.
  const closest = (Math.min(SMALLEST_GAP, ...gaps) * inner) / Math.max(1, smallest);
  const broken = graph.columns.some(
    (column) => columnDetail(column) !== null && options.measure(columnTitle(column)) > closest - 6,
  );
  const heading = HEADING + (broken ? 16 : 0) + (skips ? SKIP_ROOM : 0);
  const columns: PlacedColumn[] = [];
  let x = before + (width - before - after - inner) / 2;
  ranks.forEach((rank, r) => {
    if (r > 0) x += ((gaps[r - 1] ?? 0) * inner) / Math.max(1, smallest);
    // A network of nothing but inputs stands in the middle.
    const middle = ranks.length === 1 ? width / 2 : x;
    const toLeft = r === 0 ? 2 * x : ((gaps[r - 1] ?? 0) * inner) / smallest;
    const toRight = r === ranks.length - 1 ? 2 * (width - x) : ((gaps[r] ?? 0) * inner) / smallest;
    const band = options.height / rank.length;
    rank.forEach((index, place) => {
      const column = graph.columns[index] as GraphColumn;
      const top = place * band;
      const bottom = top + band;
      columns[index] = {
        ...column,
        index,
        x: middle,
        room: Math.max(40, Math.min(toLeft, toRight) - 6),
        top,
        bottom,
        ...placeUnits(
          column,
          top + heading,
          bottom - CONTROLS,
          !side && column.labels !== null,
          largestTile,
        ),
      };
    });
  });
  const links = graph.links.map((link, index) => {
    const from = columns[link.from] as PlacedColumn;
    const to = columns[link.to] as PlacedColumn;
    return { ...link, index, x0: from.x + from.tile / 2, x1: to.x - to.tile / 2 };
  });
  return {
    width,
    height: options.height,
    columns,
    links,
    labels: side ? "side" : "below",
    labelWidth: side ? Math.max(left, right) : BELOW_LABEL,
  };
}
