import type { Gravity, Overlay, RenditionPlan, Sides, Trim } from "@vitrine/contracts";

/** Raise it with every change that alters the bytes of renditions: kept ones and ETags of the old are then unused. */
export const pipelineVersion = 4;

/**
 * A plan as one canonical token, e.g. `cover-236x236-q80.webp`, `scale-down-236x_-q85~r90~b2.5.jpeg`. Equal plans
 * have equal keys, different ones different keys, in whatever order their properties were written. It has only
 * characters that need no escape in a URL, an ETag or an object key.
 */
export function planKey(plan: RenditionPlan): string {
  const { fit, width, height, format, quality } = plan;
  const extras = (Object.keys(extraTokens) as ExtraKey[]).map((key) => tokenOf(key, plan)).join("");
  return `${fit}-${width ?? "_"}x${height ?? "_"}-q${quality}${extras}.${format}`;
}

type ExtraKey = Exclude<keyof RenditionPlan, "fit" | "width" | "height" | "format" | "quality">;

function tokenOf<K extends ExtraKey>(key: K, plan: RenditionPlan): string {
  const value = plan[key];
  return value === undefined ? "" : `~${extraTokens[key](value as Required<RenditionPlan>[K])}`;
}

type Tokens = { [K in ExtraKey]: (value: Required<RenditionPlan>[K]) => string };

/** In the order in which they stand in a key. One that is forgotten does not compile. */
const extraTokens: Tokens = {
  trim: trimToken,
  flip: (flip) => `f${flip}`,
  rotate: (degrees) => `r${degrees}`,
  gravity: (gravity) => `g${gravityToken(gravity)}`,
  background: (colour) => `bg${colour.toString(16)}`,
  blur: (radius) => `b${radius}`,
  sharpen: (amount) => `s${amount}`,
  brightness: (factor) => `br${factor}`,
  contrast: (factor) => `co${factor}`,
  gamma: (factor) => `ga${factor}`,
  saturation: (factor) => `sa${factor}`,
  border: (border) => `bo${sidesToken(border)}_${border.colour.toString(16)}`,
  draw: (overlays) => `d${overlays.map(overlayToken).join("~~")}`,
  isProgressive: () => "progressive",
  isIndexed: () => "indexed",
  isLossless: () => "lossless",
  hasFullChroma: () => "chroma",
  seeksQuality: () => "seeks",
  adaptsToDrawings: () => "adapts",
  metadata: (kind) => `exif${kind}`,
  compression: (kind) => kind,
  isAnimated: () => "anim",
  maxBytes: (bytes) => `max${bytes}`,
};

function trimToken(trim: Trim): string {
  if (!("top" in trim)) return `tb${trim.colour?.toString(16) ?? "_"}_${trim.tolerance}_${trim.keep}`;
  return `t${sidesToken(trim)}_${trim.width ?? ""}x${trim.height ?? ""}`;
}

function gravityToken(gravity: Gravity): string {
  return typeof gravity === "string" ? gravity : `${gravity.x}x${gravity.y}`;
}

function overlayToken(overlay: Overlay): string {
  const { originalHash, width, height, fit, gravity, opacity, repeat } = overlay;
  const place = `${fit}-${width ?? "_"}x${height ?? "_"}-${gravityToken(gravity)}-${opacity}-${repeat}`;
  return `${originalHash}-${place}-${sidesToken(overlay)}`;
}

function sidesToken({ top, right, bottom, left }: Record<keyof Sides, number | null>): string {
  return [top, right, bottom, left].map((side) => side ?? "").join("_");
}

/** Where a rendition lies in the renditions bucket; everything made from one original shares a prefix. */
export function renditionKey(originalHash: string, plan: RenditionPlan): string {
  return `r/${pipelineVersion}/${originalHash}/${planKey(plan)}`;
}

/**
 * The strong ETag of a rendition, quoted. It is known without making the rendition: the same original, plan and
 * pipeline give the same bytes. 32 of the hash's 64 hex digits are 128 bits, enough to never collide.
 */
export function renditionEtag(originalHash: string, plan: RenditionPlan): string {
  return `"${pipelineVersion}.${originalHash.slice(0, 32)}.${planKey(plan)}"`;
}
