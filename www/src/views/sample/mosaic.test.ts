import { describe, expect, it } from "vitest";
import { cellSize, mosaicOf, paintMosaic, paintPicture } from "./mosaic";

const layer = (...shape: number[]) => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});

describe("mosaic", () => {
  it("stands channels of a picture side by side, as many as there is room for", () => {
    const mosaic = mosaicOf(layer(2, 3, 5), 11);
    expect(mosaic).toMatchObject({ rows: 2, columns: 3, tiles: 5, across: 3, width: 11, height: 5 });
    // Row 1, column 2 of channel 4: ((1 * 3) + 2) * 5 + 4.
    expect(mosaic.at(4, 1, 2)).toBe(29);
  });

  it("draws steps from left to right and units from top to bottom", () => {
    const mosaic = mosaicOf(layer(7, 4), 100);
    expect(mosaic).toMatchObject({ rows: 4, columns: 7, tiles: 1, width: 7, height: 4 });
    expect(mosaic.at(0, 1, 2)).toBe(9);
  });

  it("breaks a long row of units, and has nothing beyond the last", () => {
    const mosaic = mosaicOf(layer(70), 100);
    expect(mosaic).toMatchObject({ rows: 3, columns: 32, tiles: 1 });
    expect(mosaic.at(0, 2, 5)).toBe(69);
    expect(mosaic.at(0, 2, 6)).toBe(-1);
    expect(mosaicOf(layer(70), 10).columns).toBe(10);
  });

  it("is no wider than its room, and never smaller than a pixel", () => {
    expect(cellSize(mosaicOf(layer(8, 8, 4), 35), 350, 48)).toBe(6);
    expect(cellSize(mosaicOf(layer(64, 64, 1), 64), 32, 48)).toBe(1);
  });

  it("shows grey as ink on paper and three channels as a colour", () => {
    const table = Uint32Array.from({ length: 511 }, (_, i) => i);
    const grey = new Uint8ClampedArray(8);
    paintPicture(grey, { shape: [1, 2, 1], values: new Float32Array([0, 1]) }, table);
    expect([...new Uint32Array(grey.buffer)]).toEqual([255, 510]);
    const colour = new Uint8ClampedArray(4);
    paintPicture(colour, { shape: [1, 1, 3], values: new Float32Array([1, 0.2, 0]) }, table);
    expect([...colour]).toEqual([255, 51, 0, 255]);
  });

  it("colours cells and leaves gaps clear", () => {
    const mosaic = mosaicOf(layer(1, 1, 2), 3);
    const image = { width: mosaic.width, data: new Uint8ClampedArray(4 * mosaic.width * mosaic.height) };
    const table = Uint32Array.from({ length: 511 }, (_, i) => i + 1);
    paintMosaic(image, mosaic, new Float32Array([-1, 1]), table, 1);
    expect([...new Uint32Array(image.data.buffer)]).toEqual([1, 0, 511]);
  });
});
