/** The effects of a plan as the steps that the pipeline takes between resizing and encoding. */
import type { Raster, RenditionPlan } from "@vitrine/contracts";
import type { PlannedGeometry, Size } from "../geometry.ts";
import { avifCodecsBytes } from "../memory.ts";
import type { PixelStep } from "../steps/pixel-steps.ts";
import { blur } from "./blur.ts";
import { adjustColours } from "./colours.ts";
import { draw, frame, padTo, underlay } from "./compose.ts";
import { sharpen } from "./sharpen.ts";
import { turn } from "./turn.ts";

const white = 0xffffffff;

/** In the one order, whatever the URL's: turn, background, effects, border, draw. `overlays` are those of the plan. */
export function effectSteps(plan: RenditionPlan, geometry: PlannedGeometry, overlays: readonly Raster[]): PixelStep[] {
  const steps: PixelStep[] = [];
  const { pad } = geometry;
  if (geometry.turn !== 1) {
    const swaps = geometry.turn >= 5;
    steps.push({
      name: "turn",
      sizeOf: ({ width, height }) => (swaps ? { width: height, height: width } : { width, height }),
      extraBytes: rasterBytes,
      apply: (raster) => turn(raster, geometry.turn),
    });
  }
  if (pad) {
    const colour = plan.background ?? white;
    const { canvas } = pad;
    const extraBytes = () => rasterBytes(canvas);
    const apply = (raster: Raster) => padTo(raster, { ...pad, colour });
    steps.push({ name: "pad", mayClear: isClear(colour), sizeOf: () => canvas, extraBytes, apply });
  } else if (plan.background !== undefined) {
    const colour = plan.background;
    steps.push({ name: "background", ...inPlace, apply: (raster) => underlay(raster, colour) });
  }
  steps.push(...pixelEffects(plan));
  const { border } = plan;
  if (border) {
    const sizeOf = ({ width, height }: Size) => ({
      width: width + border.left + border.right,
      height: height + border.top + border.bottom,
    });
    const extraBytes = (size: Size) => rasterBytes(sizeOf(size));
    const apply = (raster: Raster) => frame(raster, border);
    steps.push({ name: "border", mayClear: isClear(border.colour), sizeOf, extraBytes, apply });
  }
  if (plan.draw) {
    const placements = plan.draw;
    const bytes = overlays.reduce((sum, overlay) => sum + rasterBytes(overlay), 0);
    steps.push({
      ...{ name: "draw", sizeOf: inPlace.sizeOf, extraBytes: () => bytes },
      apply: (raster) =>
        overlays.reduce((under, overlay, i) => {
          const placement = placements[i];
          return placement ? draw(under, overlay, placement) : under;
        }, raster),
    });
  }
  if (plan.seeksQuality)
    steps.push({ name: "compare", ...inPlace, extraBytes: comparedBytes(plan.format), apply: (raster) => raster });
  return steps;
}

/** Two pictures of luma in floats, one decoded again to RGBA, and AVIF's codecs or WebP's 18 bytes a pixel meanwhile. */
function comparedBytes(format: RenditionPlan["format"]): (size: Size) => number {
  return ({ width, height }) => {
    const codecs = format === "avif" ? avifCodecsBytes({ width, height }) : 18 * width * height;
    return (2 * 4 + 4) * width * height + codecs;
  };
}

/** Sharpening comes last: what it makes crisp is what will be seen. */
function pixelEffects(plan: RenditionPlan): PixelStep[] {
  const { blur: radius, sharpen: amount, brightness, contrast, gamma, saturation } = plan;
  const steps: PixelStep[] = [];
  if (radius !== undefined) {
    // Two lines of floats.
    const extraBytes = ({ width, height }: Size) => 32 * Math.max(width, height);
    steps.push({ name: "blur", sizeOf: inPlace.sizeOf, extraBytes, apply: (raster) => blur(raster, radius) });
  }
  if ([brightness, contrast, gamma, saturation].some((factor) => factor !== undefined)) {
    steps.push({ name: "colours", ...inPlace, apply: (raster) => adjustColours(raster, plan) });
  }
  if (amount !== undefined) {
    const extraBytes = (size: Size) => rasterBytes(size) + 32 * Math.max(size.width, size.height);
    steps.push({ name: "sharpen", sizeOf: inPlace.sizeOf, extraBytes, apply: (raster) => sharpen(raster, amount) });
  }
  return steps;
}

const isClear = (colour: number) => (colour & 0xff) !== 0xff;

const inPlace = { sizeOf: (size: Size) => size, extraBytes: () => 0 } as const;

function rasterBytes({ width, height }: Size): number {
  return 4 * width * height;
}
