/**
 * options → negotiate → plan → steps → codec. Here the plans meet the pixels: decode once at the smallest scale that
 * is enough, turn upright, and then for every plan crop, resize, flatten and encode. Nothing is decided here that
 * `planPicture` has not decided before, and nothing here knows a binding.
 */
import { Problem, type Raster, type RenditionPlan } from "@vitrine/contracts";
import type { Codecs } from "./codecs/codec.ts";
import { type Geometry, planGeometry, type Reduction, scaleDown, scaleRegion } from "./geometry.ts";
import { assertDecodable, pictureLimits } from "./limits.ts";
import { predictBytes } from "./memory.ts";
import type { PictureProbe } from "./probe/picture.ts";
import { chooseReduction } from "./reduction.ts";
import { crop } from "./steps/crop.ts";
import { flatten } from "./steps/flatten.ts";
import { orient } from "./steps/orient.ts";
import { resize } from "./steps/resize.ts";

/** Everything that is to be made from one picture, decided. */
export interface PicturePlan {
  probe: PictureProbe;
  renditions: { plan: RenditionPlan; geometry: Geometry }[];
  /** The raster for features, inside a square; null when none is wanted. */
  raster: Geometry | null;
  reduction: Reduction;
  predictedBytes: number;
}

export type Stage = "decode" | "resize" | "encode";
/** Milliseconds. */
export type Timings = Record<Stage, number>;

export interface MadePicture {
  /** In the order of the plans. */
  renditions: Uint8Array[];
  raster: Raster | null;
  timings: Timings;
}

/** Decides sizes, scale and memory from the header. Throws the Problems of `assertDecodable`. */
export function planPicture(probe: PictureProbe, plans: readonly RenditionPlan[], rasterSide?: number): PicturePlan {
  assertDecodable(probe);
  const renditions = plans.map((plan) => ({ plan, geometry: planGeometry(probe, plan) }));
  const raster = rasterSide === undefined ? null : rasterGeometry(probe, rasterSide);
  const outputs = [
    ...renditions.map(({ plan, geometry }) => ({ geometry, format: plan.format })),
    ...(raster ? [{ geometry: raster, format: null }] : []),
  ];
  const reduction = chooseReduction({ probe, outputs });
  const predictedBytes = predictBytes({ probe, outputs, reduction });
  if (predictedBytes > pictureLimits.pictureBudgetBytes) {
    throw new Problem("too-many-pixels", "The picture and its file are too large together: send it smaller.");
  }
  return { probe, renditions, raster, reduction, predictedBytes };
}

/**
 * Makes everything of a plan, in one synchronous go. Throws `unprocessable-image` when the picture cannot be
 * decoded, however its header looked. `now` is a clock in milliseconds.
 */
export function makePicture(
  bytes: Uint8Array,
  plan: PicturePlan,
  { codecs, now }: { codecs: Codecs; now(): number },
): MadePicture {
  const timings: Timings = { decode: 0, resize: 0, encode: 0 };
  const timed = <R>(stage: Stage, work: () => R): R => {
    const start = now();
    const result = work();
    timings[stage] += now() - start;
    return result;
  };
  const { probe } = plan;
  codecs.makeRoom(plan.predictedBytes);
  const upright = timed("decode", () => orient(decode(bytes, plan, codecs), probe.orientation));
  const shape = ({ crop: region, output }: Geometry) =>
    resize(crop(upright, scaleRegion(region, probe, upright)), output, { ...codecs, hasAlpha: probe.hasAlpha });
  const renditions = plan.renditions.map(({ plan: { format, quality }, geometry }) => {
    const shaped = timed("resize", () => shape(geometry));
    return timed("encode", () => {
      const isFlat = format === "jpeg" && probe.hasAlpha;
      return codecs[format].encode(isFlat ? flatten(shaped) : shaped, { quality, hasAlpha: probe.hasAlpha });
    });
  });
  const { raster } = plan;
  return { renditions, raster: raster && timed("resize", () => shape(raster)), timings };
}

function decode(bytes: Uint8Array, { probe, reduction }: PicturePlan, codecs: Codecs): Raster {
  try {
    // `assertDecodable` has refused GIF, the one format without a codec.
    if (probe.format === "gif") throw new Error("no codec");
    const raster = codecs[probe.format].decode(bytes, { probe, reduction });
    assertSize(raster, probe, reduction);
    return raster;
  } catch (cause) {
    throw new Problem("unprocessable-image", "The picture is damaged and cannot be decoded: send the file again.", {
      cause,
    });
  }
}

/** A header that tells another size than the pixels have was made to pass the limits. */
function assertSize(raster: Raster, probe: PictureProbe, reduction: Reduction): void {
  const sides = [probe.width, probe.height].map((side) => Math.ceil(side / reduction));
  if (probe.orientation >= 5) sides.reverse();
  if (raster.width !== sides[0] || raster.height !== sides[1]) {
    throw new Error(`decoded ${raster.width}×${raster.height}, the header says ${sides.join("×")}`);
  }
}

function rasterGeometry(source: PictureProbe, side: number): Geometry {
  const whole = { left: 0, top: 0, width: source.width, height: source.height };
  return { crop: whole, output: scaleDown(source, { width: side, height: side }) };
}
