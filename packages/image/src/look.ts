/**
 * What can only be decided by looking at the picture: where to crop, where its border ends, whether it is a drawing.
 * One small raster of the whole is enough; what is seen becomes numbers in the plan, and the work is planned again.
 */
import type { Raster, RenditionPlan, TrimBorder } from "@vitrine/contracts";
import { isDrawing } from "./effects/drawing.ts";
import { insideBorder } from "./effects/find-border.ts";
import { detailedWindow, salientWindow } from "./effects/saliency.ts";
import { turn } from "./effects/turn.ts";
import { fitInto, type Region, type Size, scaleRegion, trimRegion, turnOf } from "./geometry.ts";

/** Longest sides of what is looked at. A border's end is found as exactly as this shows it. */
const sides = { gravity: 128, drawing: 256, border: 1024 } as const;

/** The longest side of the raster that the plan needs to be looked at in; 0 when it can be carried out as it is. */
export function lookSide({ gravity, adaptsToDrawings, trim }: RenditionPlan): number {
  if (trim && !("top" in trim)) return sides.border;
  if (adaptsToDrawings) return sides.drawing;
  return typeof gravity === "string" ? sides.gravity : 0;
}

/** The plan with everything decided; `raster` is the whole upright picture of size `source`, scaled. */
export function resolveLook(plan: RenditionPlan, { raster, source }: { raster: Raster; source: Size }): RenditionPlan {
  const { adaptsToDrawings, trim, gravity, ...resolved } = plan;
  const decided: RenditionPlan = resolved;
  if (trim) decided.trim = "top" in trim ? trim : foundTrim(trim, { raster, source });
  if (gravity)
    decided.gravity = typeof gravity === "object" ? gravity : foundPoint({ ...decided, gravity }, { raster, source });
  if (adaptsToDrawings && isDrawing(raster)) {
    if (plan.format === "webp") decided.isLossless = true;
    if (plan.format === "jpeg") decided.hasFullChroma = true;
  }
  return decided;
}

/** Rounded inwards, so that nothing of the border stays that was not to be kept. */
function foundTrim(border: TrimBorder, { raster, source }: { raster: Raster; source: Size }) {
  const inside = insideBorder(raster, border);
  const scale = { x: source.width / raster.width, y: source.height / raster.height };
  const cut = (pixels: number, factor: number) => Math.max(0, Math.ceil(pixels * factor) - border.keep);
  return {
    top: cut(inside.top, scale.y),
    right: cut(raster.width - inside.left - inside.width, scale.x),
    bottom: cut(raster.height - inside.top - inside.height, scale.y),
    left: cut(inside.left, scale.x),
  };
}

/** The point that `cut` of geometry.ts turns into the window that was found. */
function foundPoint(plan: RenditionPlan, { raster, source }: { raster: Raster; source: Size }) {
  const trimmed = trimRegion(source, plan.trim);
  const orientation = turnOf(plan);
  const small = scaleRegion(trimmed, source, raster);
  const turned = turn(part(raster, small), orientation);
  const whole = orientation >= 5 ? { width: trimmed.height, height: trimmed.width } : trimmed;
  const { crop } = fitInto(whole, plan);
  const window = {
    width: Math.max(1, Math.min(turned.width, Math.round((crop.width * turned.width) / whole.width))),
    height: Math.max(1, Math.min(turned.height, Math.round((crop.height * turned.height) / whole.height))),
  };
  const found = plan.gravity === "entropy" ? detailedWindow(turned, window) : salientWindow(turned, window);
  const fraction = (start: number, spare: number) => (spare > 0 ? start / spare : 0.5);
  return {
    x: fraction(found.left, turned.width - window.width),
    y: fraction(found.top, turned.height - window.height),
  };
}

function part({ width, data }: Raster, region: Region): Raster {
  const rows = new Uint8Array(region.width * region.height * 4);
  for (let y = 0; y < region.height; y++) {
    const start = ((region.top + y) * width + region.left) * 4;
    rows.set(data.subarray(start, start + region.width * 4), y * region.width * 4);
  }
  return { width: region.width, height: region.height, data: rows };
}
