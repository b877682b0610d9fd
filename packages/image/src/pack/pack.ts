/**
 * The codec pack: one WASM module that decodes, resizes and encodes in one pass, and this driver, which decides.
 *
 * An instance works on one picture at a time. After an error, or once it has grown beyond what an idle isolate
 * should hold, the next picture gets a fresh one: WASM memory never shrinks.
 */
import type { PictureProbe } from "../probe/picture.ts";
import { type AnimationRequest, renderAnimation } from "./animate.ts";
import { Feed, runAsync, runSync, type Steps } from "./feed.ts";
import { PackInstance } from "./instance.ts";
import type { OutputOptions, RenderPlan } from "./plan.ts";
import { type RasterSource, renderRaster } from "./raster.ts";
import { type Rendered, render } from "./render.ts";

export interface RenderOptions {
  probe: PictureProbe;
  plan: RenderPlan;
}

export interface PackResult extends Rendered {
  /** Memory of the instance at its largest. */
  peakMemoryBytes: number;
}

export interface Pack {
  /** Throws PackError. */
  render(source: Uint8Array, options: RenderOptions): PackResult;
  /** The same from a stream, of which no more than a window is held at once where the format allows it. */
  renderStream(source: AsyncIterable<Uint8Array>, options: RenderOptions): Promise<PackResult>;
  /** The same from pixels: cropped, resized and turned by the plan. */
  renderRaster(source: RasterSource, options: { plan: RenderPlan }): PackResult;
  /** All frames of an animated GIF or WebP, as an animated WebP. Throws PackError. */
  animate(source: Uint8Array, request: Omit<AnimationRequest, "now">): PackResult;
  /** The raster as it is, in a format; `background` lies under transparency where the format has none. */
  encode(source: RasterSource, encode: OutputOptions, background?: number): PackResult;
}

export interface PackOptions {
  /** Milliseconds for the timings; without it they are 0. */
  now?: () => number;
  /** Memory of all idle instances together; one that does not fit in is not kept. */
  keepIdleBytes?: number;
}

/**
 * Idle memory that an isolate can spare beside pictures in work: eight instances of photos at 2 MiB. Several are kept
 * because several pictures are in work at once, and a memory that is dropped keeps its pages, and gigabytes of address
 * space, until it is collected.
 */
const defaultKeepIdleBytes = 16 * 2 ** 20;

export function createPack(module: WebAssembly.Module, options: PackOptions = {}): Pack {
  const { now = () => 0, keepIdleBytes = defaultKeepIdleBytes } = options;
  const idle: PackInstance[] = [];

  const take = (): PackInstance => idle.pop() ?? new PackInstance(module);
  /** Only after success: an instance that failed was left in the middle of something. */
  const giveBack = (instance: PackInstance, rendered: Rendered): PackResult => {
    const peakMemoryBytes = instance.memoryBytes;
    instance.exports.release();
    const idleBytes = idle.reduce((sum, kept) => sum + kept.memoryBytes, peakMemoryBytes);
    if (idleBytes <= keepIdleBytes) idle.push(instance);
    return { ...rendered, peakMemoryBytes };
  };

  function* steps({ probe, plan }: RenderOptions): Steps<PackResult> {
    const instance = take();
    try {
      return giveBack(instance, yield* render(instance, new Feed(), { probe, plan, now }));
    } catch (error) {
      throw instance.explain(error);
    }
  }

  const fromRaster = (source: RasterSource, plan: RenderPlan): PackResult => {
    const instance = take();
    try {
      return giveBack(instance, renderRaster(instance, source, { plan, now }));
    } catch (error) {
      throw instance.explain(error);
    }
  };

  return {
    // A fresh instance, so that whether it fits never depends on what was made before.
    animate(source, request) {
      const instance = new PackInstance(module);
      try {
        return giveBack(instance, renderAnimation(instance, source, { ...request, now }));
      } catch (error) {
        throw instance.explain(error);
      }
    },
    render: (source, request) => runSync(steps(request), source),
    renderStream: (source, request) => runAsync(steps(request), source),
    renderRaster: (source, { plan }) => fromRaster(source, plan),
    encode: ({ width, height, ...source }, encode, background) =>
      fromRaster(
        { width, height, ...source, orientation: 1 },
        { output: { width, height }, encode, ...(background === undefined ? {} : { background }) },
      ),
  };
}
