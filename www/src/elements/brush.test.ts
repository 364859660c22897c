import { describe, expect, it } from "vitest";
import { centred, stroke } from "./brush";

describe("brush", () => {
  it("inks the pixels along a stroke and no others", () => {
    const pixels = new Float32Array(25);
    stroke(pixels, 5, { x: 0.5, y: 2.5 }, { x: 4.5, y: 2.5 }, 0.5);
    expect([...pixels.subarray(10, 15)]).toEqual([1, 1, 1, 1, 1]);
    expect([...pixels.subarray(0, 10), ...pixels.subarray(15)].every((ink) => ink === 0)).toBe(true);
  });

  it("keeps the most ink a pixel got, and takes it away again", () => {
    const pixels = new Float32Array(9);
    stroke(pixels, 3, { x: 1.5, y: 1.5 }, { x: 1.5, y: 1.5 }, 1);
    const once = [...pixels];
    stroke(pixels, 3, { x: 1.5, y: 1.5 }, { x: 1.5, y: 1.5 }, 0.4);
    expect([...pixels]).toEqual(once);
    expect(once[4]).toBe(1);
    expect(once[1]).toBeCloseTo(0.5);
    stroke(pixels, 3, { x: 1.5, y: 1.5 }, { x: 1.5, y: 1.5 }, 1, true);
    expect(pixels[4]).toBe(0);
  });

  it("moves the ink into the middle, and leaves a blank picture alone", () => {
    const pixels = new Float32Array(16);
    pixels[0] = 1;
    pixels[1] = 0.5;
    const moved = centred(pixels, 4);
    expect([moved[9], moved[10]]).toEqual([1, 0.5]);
    expect(centred(new Float32Array(4), 2)).toEqual(new Float32Array(4));
  });
});
