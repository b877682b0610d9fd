/** Which outputs move, and what that takes. What is too much shows its first frame: a picture beats a refusal. */
import type { Raster } from "@vitrine/contracts";
import type { Size } from "./geometry.ts";
import { pictureLimits } from "./limits.ts";
import { mostTries } from "./max-bytes.ts";
import type { OutputWork } from "./memory.ts";
import type { AnimationRequest } from "./pack/animate.ts";
import { type FrameLoad, predictAnimationMemory, predictEncodedBytes } from "./pack/animation-memory.ts";
import { type FailureKind, PackError } from "./pack/failure.ts";
import type { MemoryProbe } from "./pack/memory.ts";
import type { Pack, PackResult } from "./pack/pack.ts";
import type { WebpOptions } from "./pack/plan.ts";
import type { PixelStep } from "./steps/pixel-steps.ts";

type Output = OutputWork & { maxBytes?: number };
type AnimatedOutput = Output & { encode: WebpOptions };

/**
 * libwebp's methods for frames: half the time of a still picture's, for 3 % more bytes (lossy, 40 frames of a camera
 * that moves), and a third of it for the same bytes (lossless).
 */
const frameMethod = { lossy: 2, lossless: 1 } as const;
/** How much longer a lossless frame may take: 600 ms a megapixel, where a lossy one takes 50. */
const losslessWeight = 8;
/** A frame in a GIF is an image descriptor, a palette of its own or the file's, and a block of data at least. */
const leastFrameBytes = 14;

/**
 * Bytes that the frames of an output take, files included; undefined when it does not move. From the first bytes of a file alone it is
 * the most that a file of its size may take.
 */
export function predictAnimation(probe: MemoryProbe, output: Output): number | undefined {
  if (!isAnimatable(probe, output)) return undefined;
  const load = loadOf(probe);
  if (!isWithinLimits(probe, output, load)) return undefined;
  const { shape, steps } = output;
  const encode = frameEncoding(output.encode);
  const packBytes = predictAnimationMemory(probe, { plan: { ...shape, encode }, final: finalSize(output), load });
  // Both files are held in JavaScript as well, and so is the canvas that a frame restores.
  const files = probe.fileBytes + predictEncodedBytes(finalSize(output), { encode, load });
  const bytes = packBytes + files + rasterBytes(probe) + stepBytes(shape.output, steps);
  const { pictureBudgetBytes } = pictureLimits;
  if (bytes <= pictureBudgetBytes) return bytes;
  // Not known yet: it may come to all that there is, and no more.
  return probe.animation ? undefined : pictureBudgetBytes;
}

/** All frames; undefined where the output does not move, or where one of them cannot be decoded. */
export function renderFrames(
  source: Uint8Array,
  { probe, output, pack }: { probe: MemoryProbe; output: Output; pack: Pick<Pack, "animate"> },
): PackResult | undefined {
  const request = animationRequest(probe, output);
  try {
    return request && pack.animate(source, request);
  } catch (error) {
    if (error instanceof PackError && isOfFrames[error.kind]) return undefined;
    throw error;
  }
}

/** What the frames are to blame for: the first may be sound all the same. */
const isOfFrames: Record<FailureKind, boolean> = {
  ...{ damaged: true, truncated: true, unsupported: true, memory: true },
  ...{ encoder: false, internal: false },
};

function animationRequest(probe: MemoryProbe, output: Output): Omit<AnimationRequest, "now"> | undefined {
  const { animation } = probe;
  const load = loadOf(probe);
  if (!animation || !isAnimatable(probe, output) || predictAnimation(probe, output) === undefined) return undefined;
  const { shape, steps } = output;
  const final = finalSize(output);
  const plan = { ...shape, encode: frameEncoding(output.encode) };
  const apply = (raster: Raster) => steps.reduce((changed, step) => step.apply(changed), raster);
  return {
    ...{ probe, animation, plan },
    ...(steps.length > 0 ? { effect: { final, apply } } : {}),
    maxMemoryBytes: predictAnimationMemory(probe, { plan, final, load }),
  };
}

function isAnimatable(probe: MemoryProbe, output: Output): output is AnimatedOutput {
  return output.encode.format === "webp" && probe.isAnimated && (probe.format === "gif" || probe.format === "webp");
}

function frameEncoding(encode: WebpOptions): WebpOptions {
  const method = encode.lossless ? frameMethod.lossless : frameMethod.lossy;
  return { ...encode, method: Math.min(method, encode.method ?? method) };
}

function loadOf({ animation, width, height, fileBytes }: MemoryProbe): FrameLoad {
  const pixels = width * height;
  if (!animation) {
    const { maxAnimationFrames, maxAnimationPixels } = pictureLimits;
    const count = Math.min(maxAnimationFrames, maxAnimationPixels / pixels, fileBytes / leastFrameBytes);
    return { count: Math.ceil(count), pixels };
  }
  const { frames } = animation;
  return {
    count: frames.length,
    pixels: frames.reduce((most, frame) => Math.max(most, frame.width * frame.height), pixels),
  };
}

/** Source and result are each held to the limit; what makes a result take longer counts for as many more of them. */
function isWithinLimits(probe: MemoryProbe, output: AnimatedOutput, load: FrameLoad): boolean {
  if (!probe.animation) return true;
  const { maxAnimationFrames, maxAnimationPixels } = pictureLimits;
  const final = finalSize(output);
  const tries = output.maxBytes === undefined ? 1 : mostTries;
  const weight = tries * (1 + output.steps.length) * (output.encode.lossless ? losslessWeight : 1);
  return (
    load.count <= maxAnimationFrames &&
    load.count * load.pixels * tries <= maxAnimationPixels &&
    load.count * final.width * final.height * weight <= maxAnimationPixels
  );
}

function finalSize({ shape, steps }: Pick<OutputWork, "shape" | "steps">): Size {
  return steps.reduce<Size>((size, step) => step.sizeOf(size), shape.output);
}

/** The rasters of effects in JavaScript, at their largest. */
function stepBytes(output: Size, steps: readonly PixelStep[]): number {
  let size = output;
  let peak = 0;
  for (const step of steps) {
    peak = Math.max(peak, rasterBytes(size) + step.extraBytes(size));
    size = step.sizeOf(size);
  }
  return Math.max(peak, steps.length > 0 ? rasterBytes(size) : 0);
}

const rasterBytes = ({ width, height }: Size) => 4 * width * height;
