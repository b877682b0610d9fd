import type { Raster } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { blur } from "./blur.ts";
import { adjustColours } from "./colours.ts";
import { canvasOf, draw, frame, padTo, underlay } from "./compose.ts";
import { sharpen } from "./sharpen.ts";

const one = (...channels: number[]): Raster => ({ width: 1, height: 1, data: Uint8Array.from(channels) });
const middle = { opacity: 1, repeat: "none", top: null, right: null, bottom: null, left: null } as const;
const red = 0xff0000ff;

test.each([
  [{ brightness: 1.5 }, [100, 50, 200, 77], [150, 75, 255, 77]],
  [{ brightness: 0 }, [100, 50, 200, 77], [0, 0, 0, 77]],
  [{ contrast: 2 }, [128, 100, 250, 77], [129, 73, 255, 77]],
  [{ contrast: 0 }, [1, 100, 250, 77], [128, 128, 128, 77]],
  [{ gamma: 2 }, [64, 0, 255, 77], [128, 0, 255, 77]],
  [{ gamma: 0.5 }, [64, 0, 255, 77], [16, 0, 255, 77]],
  [{ saturation: 0 }, [255, 0, 0, 77], [76, 76, 76, 77]],
  [{ saturation: 2 }, [120, 100, 100, 77], [134, 94, 94, 77]],
  [{ brightness: 2, saturation: 0 }, [50, 50, 50, 77], [100, 100, 100, 77]],
])("%o of %o is %o", (factors, from, to) => {
  expect([...adjustColours(one(...from), factors).data]).toEqual(to);
});

/** A white pixel in the middle of black ones. */
function impulse(side: number): Raster {
  const raster = canvasOf({ width: side, height: side }, 0x000000ff);
  const centre = ((side - 1) / 2) * (side + 1) * 4;
  raster.data.fill(255, centre, centre + 3);
  return raster;
}

test("a blur spreads a step as a gaussian does", () => {
  for (const radius of [1.5, 4, 9]) {
    const width = 121;
    const step = canvasOf({ width, height: 3 }, 0x000000ff);
    for (let at = 0; at < step.data.length; at += 4) if ((at / 4) % width >= 60) step.data.fill(255, at, at + 3);
    const { data } = blur(step, radius);
    const at = (x: number) => (data[(width + x) * 4] ?? 0) / 255;
    // Φ(1) = 0.841, Φ(2) = 0.977; the step lies between 59 and 60.
    expect(Math.abs(at(Math.round(59.5 + radius)) - 0.841)).toBeLessThan(0.08);
    expect(Math.abs(at(Math.round(59.5 + 2 * radius)) - 0.977)).toBeLessThan(0.03);
    expect(Math.abs(at(Math.round(59.5 - radius)) - 0.159)).toBeLessThan(0.08);
  }
});

test("a blur keeps what is even, spreads both ways alike and ends where it should", () => {
  const grey = canvasOf({ width: 9, height: 5 }, 0x40506080);
  expect(blur({ ...grey, data: grey.data.slice() }, 250)).toEqual(grey);
  const { data } = blur(impulse(21), 1);
  const at = (x: number, y: number) => data[(y * 21 + x) * 4] ?? -1;
  expect(at(10, 10)).toBeGreaterThan(20);
  expect(at(10, 10)).toBeLessThan(60);
  expect([at(11, 10), at(10, 9), at(10, 11)]).toEqual([at(9, 10), at(9, 10), at(9, 10)]);
  expect(at(10, 2)).toBe(0);
});

test("a blur lends no colour from transparent pixels", () => {
  const raster: Raster = { width: 2, height: 1, data: Uint8Array.from([255, 0, 0, 255, 0, 255, 0, 0]) };
  const { data } = blur(raster, 2);
  expect([...data.subarray(0, 3)]).toEqual([255, 0, 0]);
  expect([...data.subarray(4, 7)]).toEqual([255, 0, 0]);
  expect(data[7]).toBeGreaterThan(60);
});

test("sharpening makes an edge steeper and leaves even areas alone", () => {
  const data = Uint8Array.from([...Array(8)].flatMap((_, x) => (x < 4 ? [80, 80, 80, 200] : [160, 160, 160, 200])));
  const result = sharpen({ width: 8, height: 1, data: data.slice() }, 2).data;
  expect(result[3 * 4]).toBeLessThan(70);
  expect(result[4 * 4]).toBeGreaterThan(170);
  expect(result[0]).toBe(80);
  expect(result[3 * 4 + 3]).toBe(200);
  expect(sharpen({ width: 8, height: 1, data: data.slice() }, 0).data).toEqual(data);
});

test("a background lies under what is transparent", () => {
  expect([...underlay(one(0, 0, 255, 0), red).data]).toEqual([255, 0, 0, 255]);
  expect([...underlay(one(0, 0, 255, 51), red).data]).toEqual([204, 0, 51, 255]);
  expect([...underlay(one(0, 0, 255, 255), red).data]).toEqual([0, 0, 255, 255]);
  expect([...underlay(one(0, 0, 255, 0), 0xff000080).data]).toEqual([255, 0, 0, 128]);
});

test("padding and frames lie around the picture", () => {
  const padded = padTo(one(1, 2, 3, 255), { canvas: { width: 3, height: 2 }, left: 1, top: 0, colour: red });
  const [r, p] = [
    [255, 0, 0, 255],
    [1, 2, 3, 255],
  ];
  expect([...padded.data]).toEqual([r, p, r, r, r, r].flat());
  const framed = frame(one(1, 2, 3, 0), { top: 0, right: 1, bottom: 1, left: 0, colour: red });
  // What is transparent stays so inside of its frame.
  expect([...framed.data]).toEqual([[1, 2, 3, 0], r, r, r].flat());
});

test.each([
  [{}, [4]],
  [{ left: 0, top: 0 }, [0]],
  [{ right: 0, bottom: 0 }, [8]],
  [{ right: 0, top: 0 }, [2]],
  [{ left: 1, right: 0, top: 2 }, [7]],
  [{ repeat: "x" as const }, [3, 4, 5]],
  [{ repeat: "y" as const, left: 2 }, [2, 5, 8]],
  [{ repeat: "both" as const }, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
  [{ left: 3, top: 0 }, []],
])("an overlay with %o lies on pixels %o", (place, pixels) => {
  const raster = canvasOf({ width: 3, height: 3 }, 0x000000ff);
  const { data } = draw(raster, one(9, 9, 9, 255), { ...middle, ...place });
  const drawn = [...Array(9).keys()].filter((pixel) => data[pixel * 4] === 9);
  expect(drawn).toEqual(pixels);
});

test("an overlay larger than the picture is cut, and opacity mixes", () => {
  const raster = canvasOf({ width: 1, height: 1 }, 0x000000ff);
  const large = canvasOf({ width: 5, height: 5 }, 0xc8c8c8ff);
  expect([...draw(raster, large, { ...middle, opacity: 0.5 }).data]).toEqual([100, 100, 100, 255]);
});
