/** Pixels in JavaScript as the source of a picture: what an AVIF was decoded to, or what a step has drawn on. */
import type { Raster } from "@vitrine/contracts";
import type { Size } from "../geometry.ts";
import type { Orientation } from "../probe/picture.ts";
import { openPlane } from "./canvas-planes.ts";
import { encodeCanvas } from "./encode-canvas.ts";
import { windowBytes } from "./feed.ts";
import { meanings } from "./header.ts";
import type { PackInstance } from "./instance.ts";
import { storedRegion, swapIf, type Turn, turns } from "./orientation.ts";
import type { RenderPlan } from "./plan.ts";
import type { PlaneTarget } from "./planes.ts";
import { type Rendered, turnUpright } from "./render.ts";

/** sRGB, RGBA, not premultiplied. */
export interface RasterSource extends Raster {
  /** Whether any pixel may be transparent. */
  hasAlpha: boolean;
  /** How it still has to be turned; upright when left out. */
  orientation?: Orientation;
}

export function renderRaster(
  instance: PackInstance,
  source: RasterSource,
  { plan, now }: { plan: RenderPlan; now: () => number },
): Rendered {
  const start = now();
  const turn = turns[source.orientation ?? 1];
  layOnCanvas(instance, source, targetOf(source, plan, turn));
  turnUpright(instance, turn);
  const shaped = now();
  const header = { hasAlpha: source.hasAlpha, colour: meanings.rgb };
  const bytes = encodeCanvas(instance, { header, route: { staysPlanar: false, encodesRgb: false }, plan });
  const timings = { decode: shaped - start, encode: now() - shaped };
  return { bytes, ...plan.output, format: plan.encode.format, timings };
}

function targetOf(source: RasterSource, plan: RenderPlan, turn: Turn): PlaneTarget {
  const upright = swapIf(turn.swapsAxes, source);
  const crop = storedRegion(plan.crop ?? { left: 0, top: 0, ...upright }, upright, turn);
  return { crop, output: swapIf(turn.swapsAxes, plan.output), turn, divisor: 1 };
}

/** In place of what was on the canvas. */
export function putRaster(instance: PackInstance, raster: Raster): void {
  const { width, height } = raster;
  instance.exports.canvas_close();
  instance.exports.canvas_open(width, height, 4, 1);
  copyRows(instance, raster, { crop: { left: 0, top: 0, width, height } });
}

function layOnCanvas(instance: PackInstance, source: RasterSource, target: PlaneTarget): void {
  const { crop, output } = target;
  instance.exports.canvas_open(output.width, output.height, 4, 1);
  if (crop.width === output.width && crop.height === output.height) copyRows(instance, source, target);
  else filterRows(instance, source, target);
}

function copyRows(instance: PackInstance, { data, width }: Raster, { crop }: Pick<PlaneTarget, "crop">): void {
  const at = instance.exports.canvas_plane(0, crop.width, crop.height, 4);
  const stride = instance.exports.canvas_stride(0);
  const canvas = instance.bytes(at, stride * crop.height);
  for (let y = 0; y < crop.height; y++) {
    const from = 4 * ((crop.top + y) * width + crop.left);
    canvas.set(data.subarray(from, from + 4 * crop.width), y * stride);
  }
}

function filterRows(instance: PackInstance, source: RasterSource, target: PlaneTarget): void {
  const { exports } = instance;
  const size: Size = { width: source.width, height: source.height };
  const range = { gain: 1, offset: 0 };
  const layout = { channels: 4, premultiply: source.hasAlpha, isLikeSharp: false } as const;
  const plane = { densityX: 1, densityY: 1, size, range, ...layout };
  openPlane(instance, 0, plane, target);
  const stride = 4 * source.width;
  const rowsAtOnce = Math.max(1, Math.floor(windowBytes / stride));
  const window = exports.alloc(rowsAtOnce * stride);
  for (let y = 0; y < source.height && exports.planes_done() === 0; y += rowsAtOnce) {
    const rows = source.data.subarray(y * stride, Math.min(source.height, y + rowsAtOnce) * stride);
    instance.bytes(window, rows.length).set(rows);
    exports.plane_rows(0, window, rows.length / stride, stride);
  }
  exports.planes_close();
}
