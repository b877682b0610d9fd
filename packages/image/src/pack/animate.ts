/**
 * An animation from bytes to bytes: each frame is laid onto a canvas of the source's size as its file says, the canvas
 * is cropped, resized, converted and turned as a still picture would be, and libwebp's encoder gets what comes out.
 * Of the source there is one canvas, whatever the number of frames.
 */
import type { Raster } from "@vitrine/contracts";
import type { Size } from "../geometry.ts";
import type { Animation } from "../probe/animation.ts";
import type { PictureProbe } from "../probe/picture.ts";
import { openPlane } from "./canvas-planes.ts";
import { composeFrames } from "./compose.ts";
import { rasterOf } from "./encode-canvas.ts";
import { PackError } from "./failure.ts";
import { meanings, readHeader } from "./header.ts";
import type { PackInstance } from "./instance.ts";
import { storedRegion, swapIf, turns } from "./orientation.ts";
import { type RenderPlan, type WebpOptions, webpSettings } from "./plan.ts";
import { putRaster } from "./raster.ts";
import { perceptualIntent, type Rendered, turnUpright } from "./render.ts";
import { planRoute } from "./route.ts";

export interface AnimationRequest {
  probe: PictureProbe;
  animation: Animation;
  plan: RenderPlan & { encode: WebpOptions };
  /** What is done to every frame in its new size, and the size that it gives. */
  effect?: { final: Size; apply(raster: Raster): Raster };
  /** Bytes that the instance may take; PackError of kind `memory` beyond them. */
  maxMemoryBytes: number;
  now: () => number;
}

export function renderAnimation(instance: PackInstance, file: Uint8Array, request: AnimationRequest): Rendered {
  const { animation, plan, effect, now } = request;
  const final = effect?.final ?? plan.output;
  const timings = { decode: 0, encode: 0 };
  const shape = openFrames(instance, file, request);
  instance.exports.anim_open(final.width, final.height, animation.loops);
  let shownFrom = 0;
  let mark = now();
  // What an effect takes is told by whoever has it.
  const lap = (stage: keyof typeof timings) => {
    const time = now();
    timings[stage] += time - mark;
    mark = time;
  };
  for (const { composed, duration } of composeFrames(instance, request)) {
    shape(composed);
    lap("decode");
    if (effect) putRaster(instance, effect.apply(rasterOf(instance, plan)));
    if (plan.background !== undefined) instance.exports.canvas_flatten(plan.background);
    mark = now();
    addFrame(instance, { at: shownFrom, encode: plan.encode, final });
    lap("encode");
    shownFrom = Math.min(lastTimestamp, shownFrom + duration);
    // What frames come to is not in any header: the prediction holds because it is held to.
    if (instance.memoryBytes > request.maxMemoryBytes)
      throw new PackError("memory", "the animation takes too much memory");
  }
  instance.exports.anim_close(shownFrom);
  lap("encode");
  const bytes = instance.bytes(instance.exports.output(), instance.exports.output_size()).slice();
  return { bytes, ...final, format: "webp", timings };
}

/** Timestamps are 32-bit integers, in milliseconds. */
const lastTimestamp = 2 ** 31 - 1;

/** Reads the header; answers what makes of a composed canvas the picture in its new size. */
function openFrames(
  instance: PackInstance,
  file: Uint8Array,
  { probe, plan }: AnimationRequest,
): (composed: number) => void {
  const { exports } = instance;
  const at = exports.input(file.length);
  instance.bytes(at, file.length).set(file);
  if (probe.format === "gif") exports.gif_header();
  else exports.webp_header();
  const header = readHeader(instance);
  const turn = turns[probe.orientation];
  const stored = swapIf(turn.swapsAxes, probe);
  if (header.width !== stored.width || header.height !== stored.height) {
    throw new PackError("damaged", "the decoder found another size than the header's");
  }
  const output = swapIf(turn.swapsAxes, plan.output);
  const whole = { left: 0, top: 0, width: probe.width, height: probe.height };
  const target = { crop: storedRegion(plan.crop ?? whole, probe, turn), output, turn, divisor: 1 } as const;
  const range = { gain: 1, offset: 0 };
  const layout = { channels: 4, premultiply: true, isLikeSharp: false, range } as const;
  const plane = { densityX: 1, densityY: 1, size: stored, ...layout };
  const { conversion } = planRoute(probe.format, header, { ...plan, encode: { format: "raw" } });
  const profile = conversion.kind === "profile" ? conversion.profile : undefined;
  const profileAt = profile && instance.put(profile);
  return (composed) => {
    exports.canvas_open(output.width, output.height, 4, 1);
    openPlane(instance, 0, plane, target);
    exports.plane_rows(0, composed, stored.height, 4 * stored.width);
    exports.planes_close();
    if (profile && profileAt) exports.colour_convert(profileAt, profile.length, meanings.rgb, perceptualIntent);
    turnUpright(instance, turn);
  };
}

function addFrame(
  instance: PackInstance,
  { at, encode, final }: { at: number; encode: WebpOptions; final: Size },
): void {
  const { quality, method, lossless, alphaQuality, sharpYuv } = webpSettings(encode, final);
  instance.exports.anim_add(at, quality, method, Number(lossless), alphaQuality, Number(sharpYuv));
}
