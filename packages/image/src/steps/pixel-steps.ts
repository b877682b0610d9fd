/** What is done to the pixels between resizing and encoding. A rendition without any never has pixels in JavaScript. */
import type { Raster, RenditionPlan } from "@vitrine/contracts";
import { effectSteps } from "../effects/effect-steps.ts";
import type { PlannedGeometry, Size } from "../geometry.ts";

export interface PixelStep {
  readonly name: string;
  /** The size of what `apply` makes of a raster of this size. */
  sizeOf(size: Size): Size;
  /** Bytes that it takes beside the raster that it is given, its result included. */
  extraBytes(size: Size): number;
  /** Whether it may leave transparent pixels where there were none. */
  readonly mayClear?: boolean;
  /** May work in place. */
  apply(raster: Raster): Raster;
}

/** A plan with the pixels of its overlays, in their order and sizes. */
export type DecidedPlan = RenditionPlan & { overlays?: readonly Raster[] };

/** The steps of a plan, in their order. */
export function pixelStepsOf(plan: DecidedPlan, geometry: PlannedGeometry): readonly PixelStep[] {
  return effectSteps(plan, geometry, plan.overlays ?? []);
}
