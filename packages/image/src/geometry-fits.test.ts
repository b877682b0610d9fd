import { type Fit, fits } from "@vitrine/contracts";
import { describe, expect, test } from "vitest";
import { planGeometry } from "./geometry.ts";
import { gravityByName } from "./options/fit.ts";

type Golden = [fit: Fit, source: string, box: string, crop: string, output: string];

/** `width×height` and `left,top width×height`; `_` is an open side. */
const goldens: Golden[] = [
  ["scale-down", "1080×720", "500×500", "0,0 1080×720", "500×333"],
  ["scale-down", "1080×720", "2000×2000", "0,0 1080×720", "1080×720"],
  ["contain", "1080×720", "500×500", "0,0 1080×720", "500×333"],
  ["contain", "108×72", "500×500", "0,0 108×72", "500×333"],
  ["contain", "108×72", "216×_", "0,0 108×72", "216×144"],
  ["cover", "1080×720", "500×500", "180,0 720×720", "500×500"],
  ["cover", "108×72", "500×500", "18,0 72×72", "500×500"],
  ["crop", "1080×720", "500×500", "180,0 720×720", "500×500"],
  ["crop", "1080×720", "1296×1296", "0,0 1080×720", "1080×720"],
  ["crop", "1080×720", "500×1000", "290,0 500×720", "500×720"],
  ["aspect-crop", "612×613", "1920×1120", "0,128 612×357", "612×357"],
  ["aspect-crop", "1080×720", "500×500", "180,0 720×720", "500×500"],
  ["aspect-crop", "1080×720", "100×900", "500,0 80×720", "80×720"],
  ["pad", "1080×720", "500×500", "0,0 1080×720", "500×333"],
  ["pad", "108×72", "500×500", "0,0 108×72", "500×333"],
  ["squeeze", "1080×720", "500×500", "0,0 1080×720", "500×500"],
  ["squeeze", "108×72", "300×10", "0,0 108×72", "300×10"],
  ["scale-up", "1080×720", "500×500", "0,0 1080×720", "1080×720"],
  ["scale-up", "108×72", "500×500", "0,0 108×72", "500×333"],
  ["scale-up", "108×72", "_×144", "0,0 108×72", "216×144"],
];

test.each(goldens)("%s of %s in %s", (fit, source, box, crop, output) => {
  const geometry = planGeometry(sizeOf(source), { fit, ...boxOf(box) });
  expect(`${geometry.crop.left},${geometry.crop.top} ${textOf(geometry.crop)}`).toBe(crop);
  expect(textOf(geometry.output)).toBe(output);
  expect(geometry.final).toEqual(geometry.pad?.canvas ?? geometry.output);
});

/** Where the crop of 1080×720 begins when it is cut to a square (left) and of 720×1080 (top). */
const starts: Record<string, [left: number, top: number]> = {
  left: [0, 180],
  right: [360, 180],
  top: [180, 0],
  bottom: [180, 360],
  center: [180, 180],
  "top-left": [0, 0],
  "top-right": [360, 0],
  "bottom-left": [0, 360],
  "bottom-right": [360, 360],
  // To be looked for: the middle, until there are pixels.
  auto: [180, 180],
  entropy: [180, 180],
};

describe.each(["cover", "crop", "aspect-crop"] as const)("gravity of %s", (fit) => {
  test.each(Object.entries(starts))("%s", (name, [left, top]) => {
    const plan = { fit, width: 500, height: 500, gravity: gravityByName[name] ?? "auto" };
    expect(planGeometry(sizeOf("1080×720"), plan).crop).toEqual({ left, top: 0, width: 720, height: 720 });
    expect(planGeometry(sizeOf("720×1080"), plan).crop).toEqual({ left: 0, top, width: 720, height: 720 });
  });

  test("a point of the source comes to lie at the same point of the box", () => {
    const plan = { fit, width: 500, height: 500, gravity: { x: 0.25, y: 0.9 } };
    const { crop } = planGeometry(sizeOf("1080×720"), plan);
    expect((0.25 * 1080 - crop.left) / crop.width).toBeCloseTo(0.25, 5);
  });
});

test("every name of a gravity has its golden", () => {
  expect(Object.keys(starts).sort()).toEqual(Object.keys(gravityByName).sort());
});

describe.each(["scale-down", "contain", "pad", "squeeze", "scale-up"] as const)("gravity of %s", (fit) => {
  test("changes nothing, for nothing is cut", () => {
    for (const gravity of Object.values(gravityByName)) {
      const plan = { fit, width: 500, height: 500 };
      expect(planGeometry(sizeOf("1080×720"), { ...plan, gravity })).toEqual(planGeometry(sizeOf("1080×720"), plan));
    }
  });
});

test("pad lays the picture in the middle of the box", () => {
  const { pad, final } = planGeometry(sizeOf("1080×720"), { fit: "pad", width: 500, height: 500 });
  expect(pad).toEqual({ canvas: { width: 500, height: 500 }, left: 0, top: 83 });
  expect(final).toEqual({ width: 500, height: 500 });
});

test("trim, turn, fit and border follow each other", () => {
  // 1080×720 less 80 at the top and 80 at the right is 1000×640; turned by 90° 640×1000; its upper half 640×500.
  const plan = { fit: "cover", width: 320, height: 250, gravity: { x: 0.5, y: 0 } } as const;
  const border = { top: 5, right: 10, bottom: 15, left: 20, colour: 0xff };
  const trim = { top: 80, right: 80, bottom: 0, left: 0 };
  expect(planGeometry(sizeOf("1080×720"), { ...plan, trim, rotate: 90, border })).toEqual({
    // The top of the turned picture was its left side.
    crop: { left: 0, top: 80, width: 500, height: 640 },
    output: { width: 250, height: 320 },
    turn: 6,
    pad: null,
    border: { top: 5, right: 10, bottom: 15, left: 20 },
    final: { width: 350, height: 270 },
  });
  const flipped = planGeometry(sizeOf("1080×720"), { ...plan, trim, flip: "v", rotate: 90 });
  expect(flipped.crop).toEqual({ left: 0, top: 80, width: 500, height: 640 });
  const mirrored = planGeometry(sizeOf("1080×720"), { ...plan, trim, flip: "h", rotate: 90 });
  expect(mirrored.crop).toEqual({ left: 500, top: 80, width: 500, height: 640 });
});

test.each([
  [
    { top: 0.25, right: 0, bottom: 0.25, left: 0.1 },
    { left: 108, top: 180, width: 972, height: 360 },
  ],
  [
    { top: 10, right: 20, bottom: 30, left: 40 },
    { left: 40, top: 10, width: 1020, height: 680 },
  ],
  [
    { top: 10, right: 0, bottom: 0, left: 40, width: 100, height: 0.5 },
    { left: 40, top: 10, width: 100, height: 360 },
  ],
  [
    { top: 9_000, right: 9_000, bottom: 9_000, left: 9_000 },
    { left: 1079, top: 719, width: 1, height: 1 },
  ],
])("trim %o", (trim, crop) => {
  expect(planGeometry(sizeOf("1080×720"), { fit: "scale-down", width: null, height: null, trim }).crop).toEqual(crop);
});

test("whatever is asked of whatever picture, no side is 0 and none is beyond the box", () => {
  const sides = [1, 2, 7, 999, 20_000];
  for (const fit of fits) {
    for (const width of sides) {
      for (const height of sides) {
        for (const box of ["1×1", "1×12000", "12000×1", "12000×12000", "236×_", "_×12000", "_×_"]) {
          const geometry = planGeometry({ width, height }, { fit, ...boxOf(box), gravity: { x: 1, y: 1 } });
          const what = `${fit} ${width}×${height} ${box}`;
          const { crop, output, final } = geometry;
          const all = [crop.width, crop.height, output.width, output.height, final.width, final.height];
          expect(Math.min(...all), what).toBeGreaterThanOrEqual(1);
          expect(
            Math.min(crop.left, crop.top, width - crop.left - crop.width, height - crop.top - crop.height),
            what,
          ).toBeGreaterThanOrEqual(0);
          if (fit === "scale-up" || box === "_×_") continue;
          const { width: boxWidth, height: boxHeight } = boxOf(box);
          expect(final.width, what).toBeLessThanOrEqual(boxWidth ?? final.width);
          expect(final.height, what).toBeLessThanOrEqual(boxHeight ?? final.height);
        }
      }
    }
  }
});

function sizeOf(text: string) {
  const [width = 0, height = 0] = text.split("×").map(Number);
  return { width, height };
}

function boxOf(text: string) {
  const [width = null, height = null] = text.split("×").map((side) => (side === "_" ? null : Number(side)));
  return { width, height };
}

function textOf({ width, height }: { width: number; height: number }): string {
  return `${width}×${height}`;
}
