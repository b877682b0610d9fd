import type { Raster, RenditionPlan } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { canvasOf, draw } from "./effects/compose.ts";
import { isDrawing } from "./effects/drawing.ts";
import { planGeometry } from "./geometry.ts";
import { lookSide, resolveLook } from "./look.ts";
import { drawCompass } from "./testing/draw.ts";

const plan: RenditionPlan = { fit: "cover", width: 100, height: 100, format: "webp", quality: 85 };
const place = { opacity: 1, repeat: "none", top: null, right: null, bottom: null, left: null } as const;

/** A grey field with a red square at a place. */
function target({ width, height, left, top }: { width: number; height: number; left: number; top: number }): Raster {
  const square = canvasOf({ width: 20, height: 20 }, 0xd02020ff);
  return draw(canvasOf({ width, height }, 0x808080ff), square, { ...place, left, top });
}

test.each([
  ["wide, left", { width: 128, height: 64, left: 4, top: 20 }],
  ["wide, right", { width: 128, height: 64, left: 100, top: 20 }],
  ["high, top", { width: 64, height: 128, left: 20, top: 3 }],
  ["high, bottom", { width: 64, height: 128, left: 20, top: 104 }],
])("what catches the eye stays in the picture: %s", (_, at) => {
  const source = { width: at.width * 10, height: at.height * 10 };
  for (const gravity of ["auto", "entropy"] as const) {
    const resolved = resolveLook({ ...plan, gravity }, { raster: target(at), source });
    const { crop } = planGeometry(source, resolved);
    expect(crop.left, gravity).toBeLessThanOrEqual(at.left * 10);
    expect(crop.left + crop.width, gravity).toBeGreaterThanOrEqual((at.left + 20) * 10);
    expect(crop.top, gravity).toBeLessThanOrEqual(at.top * 10);
    expect(crop.top + crop.height, gravity).toBeGreaterThanOrEqual((at.top + 20) * 10);
  }
});

test("it is found in the trimmed and turned picture too", () => {
  const at = { width: 128, height: 64, left: 100, top: 20 };
  const source = { width: 1280, height: 640 };
  for (const turn of [{ rotate: 90 }, { rotate: 270 }, { flip: "h" }] as const) {
    const trim = { top: 0, right: 0, bottom: 0, left: 0.1 };
    const resolved = resolveLook({ ...plan, ...turn, trim, gravity: "auto" }, { raster: target(at), source });
    const { crop } = planGeometry(source, resolved);
    expect(crop.left).toBeLessThanOrEqual(1000);
    expect(crop.left + crop.width).toBeGreaterThanOrEqual(1200);
  }
});

test("where nothing stands out the middle stays", () => {
  const resolved = resolveLook(
    { ...plan, gravity: "auto" },
    { raster: canvasOf({ width: 128, height: 64 }, 0x336699ff), source: { width: 128, height: 64 } },
  );
  expect(resolved.gravity).toEqual({ x: 0.5, y: 0.5 });
});

test("a border of one colour is cut, but for what is kept of it", () => {
  const raster = target({ width: 60, height: 50, left: 11, top: 7 });
  const cut = (trim: RenditionPlan["trim"]) =>
    resolveLook({ ...plan, ...(trim ? { trim } : {}) }, { raster, source: { width: 120, height: 100 } }).trim;
  expect(cut({ colour: null, tolerance: 10, keep: 0 })).toEqual({ top: 14, right: 58, bottom: 46, left: 22 });
  expect(cut({ colour: 0x808080ff, tolerance: 0, keep: 4 })).toEqual({ top: 10, right: 54, bottom: 42, left: 18 });
  // Another colour than the border's, and a tolerance that takes all for border: nothing is cut.
  const nothing = { top: 0, right: 0, bottom: 0, left: 0 };
  expect(cut({ colour: 0x00ff00ff, tolerance: 10, keep: 0 })).toEqual(nothing);
  expect(cut({ colour: null, tolerance: 255, keep: 0 })).toEqual(nothing);
});

/** A photograph's noise, from a generator with a fixed seed. */
function noisy(raster: Raster): Raster {
  let state = 7;
  for (let at = 0; at < raster.data.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    if (at % 4 !== 3) raster.data[at] = Math.max(0, Math.min(255, (raster.data[at] ?? 0) + (state >>> 30) - 1));
  }
  return raster;
}

test("drawings are told from photographs", () => {
  expect(isDrawing(target({ width: 200, height: 150, left: 30, top: 40 }))).toBe(true);
  expect(isDrawing(drawCompass({ width: 200, height: 150 }))).toBe(false);
  expect(isDrawing(noisy(target({ width: 200, height: 150, left: 30, top: 40 })))).toBe(false);
});

test("a drawing is coded without loss of its edges, a photograph as was planned", () => {
  const source = { width: 200, height: 150 };
  const adapts = { ...plan, adaptsToDrawings: true } as const;
  const art = target({ ...source, left: 30, top: 40 });
  expect(resolveLook(adapts, { raster: art, source })).toEqual({ ...plan, isLossless: true });
  expect(resolveLook({ ...adapts, format: "jpeg" }, { raster: art, source })).toMatchObject({ hasFullChroma: true });
  expect(resolveLook(adapts, { raster: drawCompass(source), source })).toEqual(plan);
});

test("only what needs a look is looked at, as large as it needs", () => {
  expect(lookSide(plan)).toBe(0);
  expect(lookSide({ ...plan, gravity: { x: 0, y: 1 } })).toBe(0);
  expect(lookSide({ ...plan, gravity: "auto" })).toBe(128);
  expect(lookSide({ ...plan, adaptsToDrawings: true, gravity: "auto" })).toBe(256);
  expect(lookSide({ ...plan, trim: { colour: null, tolerance: 1, keep: 0 } })).toBe(1024);
  expect(lookSide({ ...plan, trim: { top: 1, right: 0, bottom: 0, left: 0 } })).toBe(0);
});
