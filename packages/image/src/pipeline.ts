/**
 * options → negotiate → plan → steps → codec. Here the plans meet the pixels. The pack reads, crops, resizes, turns
 * and encodes in one pass over the rows; only what has pixel steps, or is AVIF, becomes pixels in JavaScript on the
 * way. Nothing is decided here that `planPicture` has not decided before, and nothing here knows a binding.
 *
 * Several outputs are several passes over the file: a small picture decodes in a fifth of the time that encoding it
 * takes, and an output's bytes are then the same whatever was made beside it, which its ETag promises.
 */
import { Problem, type Raster } from "@vitrine/contracts";
import { predictAnimation, renderFrames } from "./animated.ts";
import type { Codecs } from "./codecs/codec.ts";
import { assertDecodable } from "./decodable.ts";
import { type Geometry, planGeometry, type Reduction, type Size, scaleDown, scaleRegion } from "./geometry.ts";
import { pictureLimits } from "./limits.ts";
import { lookSide, resolveLook } from "./look.ts";
import { withinBytes } from "./max-bytes.ts";
import { type OutputPath, type OutputWork, pathOf, predictFile, predictOutput } from "./memory.ts";
import { carriedExif, exifBytes, withExif } from "./metadata/carried-exif.ts";
import { assertFits, assertSides, smallerBox } from "./output-limits.ts";
import type { MemoryProbe } from "./pack/memory.ts";
import type { PackResult } from "./pack/pack.ts";
import type { RenderPlan } from "./pack/plan.ts";
import { asPictureProblem, damagedPicture } from "./pack-problems.ts";
import { avifQualities, encodeByLikeness, maxSoughtAvifPixels, usualQualities } from "./perceptual-quality.ts";
import { probePicture } from "./probe/probe.ts";
import { chooseReduction } from "./reduction.ts";
import { encodeOptionsOf } from "./steps/encode-options.ts";
import { type DecidedPlan, pixelStepsOf } from "./steps/pixel-steps.ts";

/** One output, decided. */
export interface OutputPlan extends OutputWork {
  path: OutputPath;
  /** All frames of an animation, where the plan wants them and the picture has them. */
  isAnimated?: true;
  /** The quality gives way to it. */
  maxBytes?: number;
  /** The quality is the lowest that looks the same. */
  seeksQuality?: true;
  /** A TIFF block that goes along in a JPEG. */
  exif?: Uint8Array;
}

/** Everything that is to be made from one picture, decided. */
export interface PicturePlan {
  probe: MemoryProbe;
  renditions: OutputPlan[];
  /** The raster for features, inside a square; null when none is wanted. */
  raster: OutputPlan | null;
  /** Of AVIF alone; the pack knows its own. */
  reduction: Reduction;
  /** Whether the whole file has to be in memory; else it is read as a stream. */
  needsFile: boolean;
  /** Of the worst moment, a held file included. */
  predictedBytes: number;
}

/** What was made is held until it is kept: for so much of it there is room beside the budget. */
export const heldForFilesBytes = 1_000_000;

export type Stage = "decode" | "effects" | "encode";
/** Milliseconds. `decode` goes from the first byte to the picture in its size; stages that did not run are left out. */
export type Timings = Partial<Record<Stage, number>>;

export interface MadePicture {
  /** In the order of the plans. */
  renditions: Uint8Array[];
  raster: Raster | null;
  timings: Timings;
  /** WASM memory of the pack's largest instance. */
  peakMemoryBytes: number;
}

/** A file in memory, or one that comes in pieces. */
export type PictureSource = Uint8Array | AsyncIterable<Uint8Array>;

/** Decides sizes, paths and memory from the header. Throws the Problems of `assertDecodable` and `assertMakeable`. */
export function planPicture(probe: MemoryProbe, plans: readonly DecidedPlan[], rasterSide?: number): PicturePlan {
  assertDecodable(probe);
  for (const plan of plans) assertMakeable(probe, plan);
  const planned = planOutputs(probe, plans, rasterSide);
  if (planned.predictedBytes > pictureLimits.pictureBudgetBytes) {
    throw new Problem("too-many-pixels", "The renditions take more memory together than there is: ask for each alone.");
  }
  return withFrames(planned, plans);
}

/**
 * Throws `too-many-pixels` for a rendition that is larger than any may be, or than fits into memory by itself, and
 * says what would fit.
 */
export function assertMakeable(probe: MemoryProbe, plan: DecidedPlan): void {
  const { final, border } = planGeometry(probe, plan);
  assertSides(final);
  const framed = border
    ? { width: final.width - border.left - border.right, height: final.height - border.top - border.bottom }
    : final;
  assertFits({ size: framed, format: plan.format }, (factor) => {
    const smaller = factor < 1 ? { ...plan, ...smallerBox(plan, framed, factor) } : plan;
    return planOutputs(probe, [smaller], undefined).predictedBytes;
  });
}

/** All frames where they are wanted and fit; they never make a picture too large, which has its first frame to show. */
function withFrames(planned: PicturePlan, plans: readonly DecidedPlan[]): PicturePlan {
  let { predictedBytes, needsFile } = planned;
  const renditions = planned.renditions.map((output, i) => {
    const bytes = plans[i]?.isAnimated ? predictAnimation(planned.probe, output) : undefined;
    if (bytes === undefined) return output;
    predictedBytes = Math.max(predictedBytes, bytes);
    needsFile = true;
    return { ...output, isAnimated: true as const };
  });
  return { ...planned, renditions, predictedBytes, needsFile };
}

function planOutputs(probe: MemoryProbe, plans: readonly DecidedPlan[], rasterSide: number | undefined): PicturePlan {
  const renditions = plans.map((plan) => {
    const geometry = planGeometry(probe, plan);
    const work = { steps: pixelStepsOf(plan, geometry), encode: encodeOptionsOf(plan) };
    const isSought = plan.maxBytes !== undefined;
    const output = outputPlan(geometry, isSought ? { ...work, keepsRaster: true } : work);
    const exif = plan.metadata && probe.exif && carriedExif(probe.exif, plan.metadata);
    if (exif) output.exif = exif;
    if (plan.maxBytes !== undefined) output.maxBytes = plan.maxBytes;
    if (plan.seeksQuality && isSearchAffordable(plan, geometry.final)) output.seeksQuality = true;
    return output;
  });
  const raster = rasterSide === undefined ? null : outputPlan(rasterGeometry(probe, rasterSide), rawWork);
  const outputs = raster ? [...renditions, raster] : renditions;
  const reduction = probe.format === "avif" ? chooseReduction(outputs.map(({ shape }) => shape)) : 1;
  // EXIF may stand behind the pixels of PNG and WebP, and AVIF's decoder takes files only.
  const side = Math.max(0, ...plans.map(lookSide));
  const looks = side > 0 ? [outputPlan(rasterGeometry(probe, side), rawWork)] : [];
  const isSeveralTimes = outputs.length + looks.length > 1;
  const isReadOnce = !isSeveralTimes && (probe.format === "jpeg" || probe.format === "gif");
  const files = plans.reduce(
    (sum, plan) => sum + predictFile(planGeometry(probe, plan).final, encodeOptionsOf(plan)),
    0,
  );
  const held = Math.max(0, files - heldForFilesBytes) + (isReadOnce ? 0 : probe.fileBytes);
  for (const output of renditions) spareCoefficients(output, held + predictOutput(probe, reduction, output));
  const working = Math.max(0, ...[...outputs, ...looks].map((output) => predictOutput(probe, reduction, output)));
  const predictedBytes = working + held;
  return { probe, renditions, raster, reduction, needsFile: !isReadOnce, predictedBytes };
}

/** A progressive JPEG keeps its coefficients until the end; the same picture in one scan keeps none. */
function spareCoefficients(output: OutputPlan, predictedBytes: number): void {
  const { encode } = output;
  if (encode.format === "jpeg" && encode.progressive && predictedBytes > pictureLimits.pictureBudgetBytes) {
    output.encode = { ...encode, progressive: false };
  }
}

/**
 * Makes everything of a plan. Throws `unprocessable-image` when the picture cannot be decoded, however its header
 * looked. `now` is a clock in milliseconds.
 */
export async function makePicture(
  source: PictureSource,
  plan: PicturePlan,
  { codecs, now }: { codecs: Codecs; now(): number },
): Promise<MadePicture> {
  const timings: Timings = {};
  const made: MadePicture = { renditions: [], raster: null, timings, peakMemoryBytes: 0 };
  const timed: Timed = (stage, work) => {
    const start = now();
    const result = work();
    timings[stage] = (timings[stage] ?? 0) + now() - start;
    return result;
  };
  const open = rendererOf(source, plan, { codecs, timed });
  const record = <R extends PackResult>(result: R): R => {
    for (const stage of ["decode", "encode"] as const) {
      timings[stage] = (timings[stage] ?? 0) + result.timings[stage];
    }
    made.peakMemoryBytes = Math.max(made.peakMemoryBytes, result.peakMemoryBytes);
    return result;
  };
  const render: Renderer = async (request) => record(await open(request));
  const renderAll = ({ steps, ...output }: OutputPlan) => {
    if (!output.isAnimated || !(source instanceof Uint8Array)) return undefined;
    const timedSteps = steps.map((step) => ({
      ...step,
      apply: (raster: Raster) => timed("effects", () => step.apply(raster)),
    }));
    const { probe } = plan;
    const result = renderFrames(source, { probe, output: { ...output, steps: timedSteps }, pack: codecs.pack });
    return result && record(result).bytes;
  };
  try {
    for (const output of plan.renditions)
      made.renditions.push(await makeOutput(output, render, { codecs, timed, renderAll }));
    if (plan.raster) {
      const { bytes: data, width, height } = await render({ ...plan.raster.shape, encode: { format: "raw" } });
      made.raster = { width, height, data };
    }
    return made;
  } catch (error) {
    throw asPictureProblem(error);
  }
}

/**
 * The plans with everything decided that has to be seen first: where to crop, where a border ends, whether it is a
 * drawing. One more pass over the file, for the plans that need it.
 */
export async function lookAndDecide(
  source: Uint8Array,
  { probe, plans }: { probe: MemoryProbe; plans: readonly DecidedPlan[] },
  tools: { codecs: Codecs; now(): number },
): Promise<DecidedPlan[]> {
  const side = Math.max(0, ...plans.map(lookSide));
  if (side === 0) return [...plans];
  const { raster } = await makePicture(source, planPicture(probe, [], side), tools);
  if (!raster) throw new Error("no raster was made");
  return plans.map((plan) =>
    lookSide(plan) > 0 ? { ...plan, ...resolveLook(plan, { raster, source: probe }) } : plan,
  );
}

type Timed = <R>(stage: Stage, work: () => R) => R;
type Renderer = (plan: RenderPlan) => PackResult | Promise<PackResult>;
interface Tools {
  codecs: Codecs;
  timed: Timed;
  /** All frames of an animation; undefined where there is one picture to be made. */
  renderAll(output: OutputPlan): Uint8Array | undefined;
}

/** How the pack gets at this picture: from its file, its stream, or from AVIF's pixels. */
function rendererOf(
  source: PictureSource,
  { probe, reduction }: PicturePlan,
  { codecs, timed }: Omit<Tools, "renderAll">,
): Renderer {
  const { pack } = codecs;
  if (!(source instanceof Uint8Array)) return (plan) => pack.renderStream(source, { probe, plan });
  if (probe.format !== "avif") return (plan) => pack.render(source, { probe, plan });
  const { hasAlpha, orientation } = probe;
  const raster = timed("decode", () => decodeAvif(source, { probe, reduction, codecs }));
  const upright = orientation >= 5 ? { width: raster.height, height: raster.width } : raster;
  return (plan) => {
    const crop = plan.crop && scaleRegion(plan.crop, probe, upright);
    return pack.renderRaster({ ...raster, hasAlpha, orientation }, { plan: { ...plan, ...(crop ? { crop } : {}) } });
  };
}

/** All frames of an animation; undefined where there is one picture to be made. */
function makeMoving(output: OutputPlan, { renderAll }: Tools): Uint8Array | undefined {
  const { encode, maxBytes } = output;
  const asked = renderAll(output);
  if (!asked || maxBytes === undefined || !("quality" in encode)) return asked;
  return withinBytes({ maxBytes, quality: encode.quality }, (quality) =>
    quality === encode.quality ? asked : (renderAll({ ...output, encode: { ...encode, quality } }) ?? asked),
  );
}

async function makeOutput(output: OutputPlan, render: Renderer, tools: Tools): Promise<Uint8Array> {
  const moving = makeMoving(output, tools);
  if (moving) return moving;
  const bytes = await makeImage(output, render, tools);
  return output.exif ? withExif(bytes, output.exif) : bytes;
}

async function makeImage(output: OutputPlan, render: Renderer, { codecs, timed }: Tools): Promise<Uint8Array> {
  const { shape, steps, encode } = output;
  const maxBytes = output.maxBytes && output.maxBytes - exifBytes(output.exif);
  if (output.path === "direct" && encode.format !== "avif") return (await render({ ...shape, encode })).bytes;
  const { bytes: data, width, height } = await render({ ...shape, encode: { format: "raw" } });
  let raster: Raster = { width, height, data };
  for (const step of steps) raster = timed("effects", () => step.apply(raster));
  const encoded = (options: typeof encode) =>
    options.format === "avif"
      ? codecs.avif.encode(raster, options)
      : codecs.pack.encode({ ...raster, hasAlpha: true }, options, shape.background).bytes;
  if (!("quality" in encode) || encode.quality === undefined) return timed("encode", () => encoded(encode));
  const asked = encode.quality;
  const encodedAt = (quality: number) => encoded({ ...encode, quality });
  if (maxBytes !== undefined) return timed("encode", () => withinBytes({ maxBytes, quality: asked }, encodedAt));
  if (!output.seeksQuality) return timed("encode", () => encoded(encode));
  return timed("encode", () =>
    encodeByLikeness(raster, {
      qualities: encode.format === "avif" ? avifQualities : usualQualities,
      encode: encodedAt,
      decode: (bytes) => decodeWhole(bytes, codecs),
    }),
  );
}

function decodeWhole(bytes: Uint8Array, { pack, avif }: Codecs): Raster {
  const probe = probePicture(bytes);
  if (probe.format === "avif") return avif.decode(bytes, { reduction: 1 });
  const output = { width: probe.width, height: probe.height };
  return { ...output, data: pack.render(bytes, { probe, plan: { output, encode: { format: "raw" } } }).bytes };
}

function decodeAvif(
  bytes: Uint8Array,
  { probe, reduction, codecs }: Pick<PicturePlan, "probe" | "reduction"> & { codecs: Codecs },
): Raster {
  try {
    const raster = codecs.avif.decode(bytes, { reduction });
    const sides = [probe.width, probe.height].map((side) => Math.ceil(side / reduction));
    if (probe.orientation >= 5) sides.reverse();
    // A header that tells another size than the pixels have was made to pass the limits.
    if (raster.width !== sides[0] || raster.height !== sides[1]) {
      throw new Error(`decoded ${raster.width}×${raster.height}, the header says ${sides.join("×")}`);
    }
    return raster;
  } catch (cause) {
    throw damagedPicture(cause);
  }
}

/** Each try of AVIF takes as long as all of WebP's. */
function isSearchAffordable({ format }: DecidedPlan, { width, height }: Size): boolean {
  return format !== "avif" || width * height <= maxSoughtAvifPixels;
}

function outputPlan({ crop, output }: Geometry, work: Omit<OutputWork, "shape">): OutputPlan {
  return { shape: { crop, output }, ...work, path: pathOf(work) };
}

const rawWork = { steps: [], encode: { format: "raw" } } as const;

function rasterGeometry(source: MemoryProbe, side: number): Geometry {
  const whole = { left: 0, top: 0, width: source.width, height: source.height };
  return { crop: whole, output: scaleDown(source, { width: side, height: side }) };
}
