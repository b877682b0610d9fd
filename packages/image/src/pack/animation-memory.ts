/**
 * How much WASM memory an animation takes, from its header, the number of its frames and its plan, as `memory.ts` says
 * it of a still picture. How many bytes the frames come to is bounded, not known: the pack stops where an animation
 * takes more than is predicted here.
 */
import type { Size } from "../geometry.ts";
import {
  canvasBytes,
  decoderBytes,
  filterBytes,
  fixedBytes,
  fragmentation,
  growthBytes,
  type MemoryProbe,
  webpEncoderBytes,
} from "./memory.ts";
import { type RenderPlan, type WebpOptions, webpSettings } from "./plan.ts";

export interface FrameLoad {
  count: number;
  /** Of the largest frame, which in a GIF may be larger than the canvas. */
  pixels: number;
}

/** All frames as encoded. At 0.1 bytes a pixel, a hundred megapixels of photographs in motion come to less. */
const mostEncodedBytes = 12_000_000;
/** libwebp's animation encoder keeps the frame, two of the one before and a copy to work on, in 32 bits a pixel. */
const encoderCanvases = 4;
/** giflib's notes on each frame, with its palette. */
const noteBytes = 1_100;

/** `final` is the size after effects. */
export function predictAnimationMemory(
  probe: MemoryProbe,
  { plan, final, load }: { plan: RenderPlan & { encode: WebpOptions }; final: Size; load: FrameLoad },
): number {
  const composed = 4 * probe.width * probe.height;
  const pixels = final.width * final.height;
  const settings = webpSettings(plan.encode, final);
  // Two ways to code a frame are tried, and in the end the parts lie beside the file.
  const files = 2 * predictEncodedBytes(final, { encode: plan.encode, load }) + 2 * noisePerPixel(plan.encode) * pixels;
  const held = probe.fileBytes + composed + encoderCanvases * 4 * pixels + files + noteBytes * load.count;
  const canvas = canvasBytes(probe, plan);
  const reading = frameBytes(probe, load) + filterBytes(probe, plan) + Math.max(canvas.read, canvas.converting);
  const encoding = webpEncoderBytes(settings, { hasAlpha: true, isRgba: true, output: final });
  const bytes = fixedBytes + fragmentation * (held + Math.max(reading, encoding));
  return Math.ceil(bytes / growthBytes) * growthBytes;
}

/** Of all frames. */
export function predictEncodedBytes(final: Size, { encode, load }: { encode: WebpOptions; load: FrameLoad }): number {
  return Math.min(mostEncodedBytes, load.count * noisePerPixel(encode) * final.width * final.height);
}

/** Bytes of noise with its alpha. */
const noisePerPixel = ({ lossless }: WebpOptions) => (lossless ? 4 : 2.5);

/** While one frame is decoded, beside the file: WebP's may be coded in any way, whatever the first is. */
function frameBytes(probe: MemoryProbe, { pixels }: FrameLoad): number {
  if (probe.format === "gif") return decoderBytes({ ...probe, fileBytes: 0 }) + 5 * pixels;
  return 1_200_000 + 5 * pixels + 110 * Math.max(probe.width, probe.height);
}
