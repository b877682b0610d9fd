/**
 * How many bytes an output of a picture will take, from its header and plan alone. The pack predicts its own memory
 * (`pack/memory.ts`); here AVIF and what JavaScript holds are added. AVIF's constants were measured as the WASM memory
 * after one call in a new instance, with pictures of 1 to 24 MP; emscripten's growth by a fifth is in them.
 */
import type { Reduction, Size } from "./geometry.ts";
import { type MemoryProbe, predictMemory, rasterProbe } from "./pack/memory.ts";
import type { OutputOptions, RenderPlan } from "./pack/plan.ts";
import type { AvifOptions } from "./steps/encode-options.ts";
import type { PixelStep } from "./steps/pixel-steps.ts";

/** Emscripten's initial memory. */
const emscriptenBytes = 16_777_216;
const avifEncoderBytesPerPixel = 37;

export interface OutputWork {
  shape: Required<Pick<RenderPlan, "crop" | "output">> & Pick<RenderPlan, "background">;
  steps: readonly PixelStep[];
  encode: OutputOptions | AvifOptions;
  /** It is encoded several times, from pixels that are kept meanwhile. */
  keepsRaster?: true;
}

export type OutputPath = "direct" | "canvas";

/** `direct` never has pixels in JavaScript; the others pass through RGBA there. */
export function pathOf({ steps, encode, keepsRaster }: Omit<OutputWork, "shape">): OutputPath {
  return steps.length === 0 && encode.format !== "avif" && !keepsRaster ? "direct" : "canvas";
}

/** The bytes of an output's worst moment, without the file itself where that is held. */
export function predictOutput(probe: MemoryProbe, reduction: Reduction, work: OutputWork): number {
  // The pack's instance keeps what it took while AVIF's codec works, and the other way round.
  if (probe.format !== "avif") return afterDecoding(probe, work);
  const stored = reduced(probe, reduction);
  const raster = rasterProbe({ ...stored, hasAlpha: probe.hasAlpha });
  const crop = { ...work.shape.crop, ...reduced(work.shape.crop, reduction) };
  const making = afterDecoding(raster, { ...work, shape: { ...work.shape, crop } });
  return rasterBytes(stored) + Math.max(avifDecoderBytes(probe), making);
}

/** The bytes of a file at most: what noise takes, which takes the most. */
export function predictFile({ width, height }: Size, encode: OutputOptions | AvifOptions): number {
  return fileBytesPerPixel(encode) * width * height;
}

/** Measured on noise, at the highest quality of JPEG (3.04) and at 85 and below of all (0.76), and a half as much again. */
function fileBytesPerPixel(encode: OutputOptions | AvifOptions): number {
  if (!("quality" in encode) || ("lossless" in encode && encode.lossless)) return 4.1;
  return encode.quality > 85 ? 3.2 : 1.2;
}

/** From a source that the pack reads: by one render, or by way of a canvas in JavaScript. */
function afterDecoding(probe: MemoryProbe, work: OutputWork): number {
  const { shape, steps, encode } = work;
  if (pathOf(work) === "direct" && encode.format !== "avif") return predictMemory(probe, { ...shape, encode });
  let size: Size = shape.output;
  const render = predictMemory(probe, { ...shape, encode: { format: "raw" } });
  let peak = render + rasterBytes(size);
  for (const step of steps) {
    peak = Math.max(peak, render + rasterBytes(size) + step.extraBytes(size));
    size = step.sizeOf(size);
  }
  return Math.max(
    peak,
    render + rasterBytes(size) + encodingBytes(size, encode, probe.hasAlpha || steps.some(({ mayClear }) => mayClear)),
  );
}

function encodingBytes(size: Size, encode: OutputOptions | AvifOptions, hasAlpha: boolean): number {
  if (encode.format === "avif") return avifEncoderBytes(size);
  return predictMemory(rasterProbe({ ...size, hasAlpha }), { output: size, encode });
}

const avifEncoderBytes = ({ width, height }: Size) =>
  Math.max(emscriptenBytes, avifEncoderBytesPerPixel * width * height);

/** Of AVIF's encoder and, beside it, its decoder of what that has made: still, 8 bits, 4:2:0 with alpha. */
export function avifCodecsBytes(size: Size): number {
  const file = { fileBytes: size.width * size.height, samplesPerPixel: 2.5, hasAlpha: true, bitDepth: 8 };
  return avifEncoderBytes(size) + avifDecoderBytes({ ...file, ...size });
}

type AvifFile = Pick<MemoryProbe, "fileBytes" | "samplesPerPixel" | "hasAlpha" | "bitDepth" | "width" | "height">;

/** embind's copy of the file and one passed by value; frames in 8 or 16 bits, and as many again for alpha. */
function avifDecoderBytes({ fileBytes, samplesPerPixel, hasAlpha, bitDepth, width, height }: AvifFile): number {
  const colours = samplesPerPixel - (hasAlpha ? 1 : 0);
  const still = bitDepth === 8 ? 18 + 2 * colours : 32 + 8 * colours;
  const perPixel = hasAlpha ? 2 * still : still;
  return 3_000_000 + 2 * fileBytes + Math.max(emscriptenBytes, perPixel * width * height);
}

const reduced = ({ width, height }: Size, reduction: Reduction): Size => ({
  width: Math.ceil(width / reduction),
  height: Math.ceil(height / reduction),
});

const rasterBytes = ({ width, height }: Size) => 4 * width * height;
