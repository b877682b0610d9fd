import type { Raster } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { turn as orient } from "./effects/turn.ts";
import { type Region, turnOf } from "./geometry.ts";
import { drawCompass } from "./testing/draw.ts";
import { type Orientation, uprightRegion } from "./turning.ts";

const picture = drawCompass({ width: 7, height: 5 });
const flips = { none: 1, h: 2, v: 4, hv: 3 } as const satisfies Record<string, Orientation>;
const rotations = { 0: 1, 90: 6, 180: 3, 270: 8 } as const satisfies Record<number, Orientation>;

test("flip and then rotate are one turn", () => {
  for (const flip of ["none", "h", "v", "hv"] as const) {
    for (const rotate of [0, 90, 180, 270] as const) {
      const turn = turnOf({ ...(flip === "none" ? {} : { flip }), ...(rotate === 0 ? {} : { rotate }) });
      const inSteps = orient(orient(picture, flips[flip]), rotations[rotate]);
      expect(orient(picture, turn), `${flip} ${rotate}`).toEqual(inSteps);
    }
  }
});

test("a part of the turned picture is found in the upright one", () => {
  const region = { left: 1, top: 2, width: 3, height: 2 };
  for (const turn of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const before = orient(crop(picture, uprightRegion(region, picture, turn)), turn);
    expect(before, `orientation ${turn}`).toEqual(crop(orient(picture, turn), region));
  }
});

function crop({ width, data }: Raster, region: Region): Raster {
  const rows = Array.from({ length: region.height }, (_, y) => {
    const start = ((region.top + y) * width + region.left) * 4;
    return [...data.subarray(start, start + region.width * 4)];
  });
  return { width: region.width, height: region.height, data: Uint8Array.from(rows.flat()) };
}
