/** From what a URL asks for to what is to be made: one canonical plan for all spellings of the same rendition. */
import {
  type Border,
  type Fit,
  Problem,
  type RenditionFormat,
  type RenditionPlan,
  type Trim,
} from "@vitrine/contracts";
import { negotiateFormat } from "../negotiate.ts";
import type { MemoryProbe } from "../pack/memory.ts";
import { qualityOn } from "../presets.ts";
import type { PictureFormat } from "../probe/picture.ts";
import { automaticFormat } from "./automatic-format.ts";
import type { Description } from "./format.ts";
import { automaticWidth, connectionHints, isSlowConnection, type RequestHints, sizeHints } from "./hints.ts";
import type { ImageOptions } from "./table.ts";

export interface PlanContext {
  hints: RequestHints;
  /** `probe` is its header; where it is not known, `format=auto` does not choose AVIF. */
  source: { format: PictureFormat; hasAlpha: boolean; isAnimated?: boolean; probe?: MemoryProbe | null };
  /** Content hashes of the overlays' sources. */
  overlayHashes?: ReadonlyMap<string, string>;
}

export interface PlannedOptions {
  plan: RenditionPlan;
  /** What is to be said about the rendition instead of making it. */
  description: Description | null;
  redirectsOnError: boolean;
  /** Request headers that the plan depends on, for `Vary`. */
  vary: readonly string[];
}

/** Throws `invalid-request` for options that contradict each other. */
export function planOptions(options: ImageOptions, context: PlanContext): PlannedOptions {
  const { hints, source } = context;
  const shape = { ...planSize(options, hints), ...planTurn(options), ...planEffects(options) };
  const [trim, border] = [planTrim(options), planBorder(options)];
  const shaped = { ...shape, ...(trim ? { trim } : {}), ...(border ? { border } : {}) };
  const format = formatOf(options, { ...context, shaped });
  const plan: RenditionPlan = { ...shaped, format, ...planEncoding(options, { format, hints, source }) };
  const background = planBackground(options, { plan, hasAlpha: source.hasAlpha });
  if (background !== undefined) plan.background = background;
  const draw = planOverlays(options, context);
  if (draw) plan.draw = draw;
  if (format === "webp" && mayMove(source) && options.anim !== false) plan.isAnimated = true;
  return {
    plan,
    description: descriptionOf(options),
    redirectsOnError: options.onerror === "redirect",
    vary: [
      ...(negotiates(options) || isLikeGif(options, source) ? ["Accept"] : []),
      ...(options.width === "auto" ? sizeHints : []),
      ...(options["slow-connection-quality"] === undefined ? [] : connectionHints),
    ],
  };
}

function negotiates(options: ImageOptions): boolean {
  return options.format === "auto" || descriptionOf(options) !== null;
}

/** Of the formats that move, those whose frames are decoded here. */
function mayMove({ format, isAnimated }: PlanContext["source"]): boolean {
  return isAnimated === true && (format === "gif" || format === "webp");
}

/** "Like the source", where nothing is made in the source's format. */
function isLikeGif({ format }: ImageOptions, source: PlanContext["source"]): boolean {
  return format === undefined && source.format === "gif";
}

function descriptionOf({ format }: ImageOptions): Description | null {
  return format === "json" || format === "blurhash" || format === "thumbhash" ? format : null;
}

type Shape = Omit<RenditionPlan, keyof Encoding | "format">;

function formatOf(options: ImageOptions, { hints, source, shaped }: PlanContext & { shaped: Shape }): RenditionFormat {
  const { format } = options;
  if (format === undefined) {
    if (source.format !== "gif") return source.format;
    // The nearest thing to it that the client shows: one moves, the other loses nothing.
    return negotiateFormat(hints.accept, source) === "webp" ? "webp" : "png";
  }
  if (format === "baseline-jpeg") return "jpeg";
  const isNamed = format === "avif" || format === "webp" || format === "jpeg" || format === "png";
  if (isNamed) return format;
  const mustMove = mayMove(source) && options.anim !== false;
  const usual = { ...shaped, format: "webp", quality: defaultQuality } as const;
  // AVIF would be of the first frame.
  return mustMove ? negotiateFormat(hints.accept, source) : automaticFormat(hints, source, usual);
}

type PlannedSize = Pick<RenditionPlan, "fit" | "width" | "height" | "gravity">;

function planSize(options: ImageOptions, hints: RequestHints): PlannedSize {
  const dpr = options.dpr ?? 1;
  const inDevicePixels = (side: number | undefined) =>
    side === undefined ? null : Math.max(1, Math.round(side * dpr));
  const width = options.width === "auto" ? automaticWidth(options, hints) : inDevicePixels(options.width);
  const height = inDevicePixels(options.height);
  const fit = simplest(options.fit ?? "scale-down", { width, height });
  const { gravity } = options;
  const isMiddle = typeof gravity === "object" && gravity.x === 0.5 && gravity.y === 0.5;
  const cuts = fit === "cover" || fit === "crop" || fit === "aspect-crop";
  return { fit, width, height, ...(gravity === undefined || isMiddle || !cuts ? {} : { gravity }) };
}

/** With a side open, the fits that cut, fill or distort have nothing to do it for. */
function simplest(fit: Fit, { width, height }: { width: number | null; height: number | null }): Fit {
  if (width !== null && height !== null) return fit;
  if (width === null && height === null) return "scale-down";
  if (fit === "crop" || fit === "aspect-crop") return "scale-down";
  return fit === "cover" || fit === "pad" || fit === "squeeze" ? "contain" : fit;
}

const defaultQuality = 85;
// Drawings come as PNG, GIF and WebP. In a JPEG the noise of its coding is in them already, which costs more bytes
// to keep than it is worth; and looking would make every photo a pass slower.

type Encoding = Pick<
  RenditionPlan,
  | "quality"
  | "isProgressive"
  | "isLossless"
  | "isIndexed"
  | "seeksQuality"
  | "adaptsToDrawings"
  | "metadata"
  | "compression"
  | "maxBytes"
>;

function planEncoding(options: ImageOptions, of: PlanContext & { format: RenditionFormat }): Encoding {
  const { format, hints, source } = of;
  const slow = options["slow-connection-quality"];
  const asked = slow !== undefined && isSlowConnection(hints) ? slow : options.quality;
  const explicit = asked === "auto" ? undefined : asked;
  const isIndexed = format === "png" && explicit !== undefined;
  const maxBytes = format === "png" && !isIndexed ? undefined : options["max-bytes"];
  const isLossless = format === "webp" && explicit === 100 && maxBytes === undefined;
  const mayBeDrawn = source.format !== "jpeg" && source.format !== "avif";
  const isLossy = format === "jpeg" || format === "webp";
  const adapts = mayBeDrawn && isLossy && asked === undefined && maxBytes === undefined;
  const seeks = format !== "png" && asked === "auto" && maxBytes === undefined;
  const { metadata = "copyright", compression } = options;
  const isFast = compression === "fast";
  return {
    quality: isIndexed ? explicit : qualityOn(format, explicit ?? defaultQuality),
    ...(isIndexed ? { isIndexed } : {}),
    ...(format === "jpeg" && options.format !== "baseline-jpeg" && !isFast ? { isProgressive: true } : {}),
    ...(isLossless ? { isLossless } : {}),
    ...(seeks ? { seeksQuality: true } : {}),
    ...(adapts ? { adaptsToDrawings: true } : {}),
    ...(format === "jpeg" && metadata !== "none" ? { metadata } : {}),
    // The fastest JPEG is a baseline one and nothing else, and AVIF is made no other way.
    ...(isFast && format !== "jpeg" && format !== "avif" ? { compression } : {}),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

function planTurn({ flip, rotate }: ImageOptions): Pick<RenditionPlan, "flip" | "rotate"> {
  if (flip === "hv" && rotate === 180) return {};
  if (flip === "hv" && !rotate) return { rotate: 180 };
  return { ...(flip ? { flip } : {}), ...(rotate ? { rotate } : {}) };
}

type Effects = Pick<RenditionPlan, "blur" | "sharpen" | "brightness" | "contrast" | "gamma" | "saturation">;

/** What each effect is without effect at. */
const neutral = { blur: 0, sharpen: 0, brightness: 1, contrast: 1, gamma: 1, saturation: 1 } as const satisfies {
  [Name in keyof Effects]-?: number;
};

function planEffects(options: ImageOptions): Effects {
  const names = Object.keys(neutral) as (keyof Effects)[];
  const effects: Effects = {};
  for (const name of names) {
    const value = options[name];
    if (value !== undefined && value !== neutral[name]) effects[name] = value;
  }
  return effects;
}

const defaultTolerance = 10;

function planTrim(options: ImageOptions): Trim | undefined {
  const dpr = options.dpr ?? 1;
  const colour = options["trim.border.color"];
  const tolerance = options["trim.border.tolerance"];
  const keep = options["trim.border.keep"];
  const [width, height] = [options["trim.width"], options["trim.height"]];
  const parts = {
    top: options["trim.top"],
    right: options["trim.right"],
    bottom: options["trim.bottom"],
    left: options["trim.left"],
  };
  const namesSides = [...Object.values(parts), width, height].some((part) => part !== undefined);
  const isBorder = options.trim === "border" || [colour, tolerance, keep].some((part) => part !== undefined);
  if (isBorder) {
    if (namesSides || typeof options.trim === "object") {
      throw new Problem("invalid-request", "The option trim takes sides or border, not both: leave one out.");
    }
    return { colour: colour ?? null, tolerance: tolerance ?? defaultTolerance, keep: Math.round((keep ?? 0) * dpr) };
  }
  const base = typeof options.trim === "object" ? options.trim : { top: 0, right: 0, bottom: 0, left: 0 };
  const inDevicePixels = (amount: number) => (amount < 1 ? amount : Math.round(amount * dpr));
  const sides = {
    top: inDevicePixels(parts.top ?? base.top),
    right: width === undefined ? inDevicePixels(parts.right ?? base.right) : 0,
    bottom: height === undefined ? inDevicePixels(parts.bottom ?? base.bottom) : 0,
    left: inDevicePixels(parts.left ?? base.left),
    ...(width === undefined ? {} : { width: inDevicePixels(width) }),
    ...(height === undefined ? {} : { height: inDevicePixels(height) }),
  };
  return Object.values(sides).some((side) => side !== 0) ? sides : undefined;
}

function planBorder({ border, dpr = 1 }: ImageOptions): Border | undefined {
  if (!border || border.top + border.right + border.bottom + border.left === 0) return undefined;
  const { top, right, bottom, left, colour } = border;
  const inDevicePixels = (side: number) => Math.round(side * dpr);
  return {
    ...{ top: inDevicePixels(top), right: inDevicePixels(right) },
    ...{ bottom: inDevicePixels(bottom), left: inDevicePixels(left), colour },
  };
}

const white = 0xffffffff;

/** Left out where nothing of it would be seen, and where it is what lies there anyway. */
function planBackground({ background }: ImageOptions, of: { plan: RenditionPlan; hasAlpha: boolean }) {
  const isSeen = of.hasAlpha || of.plan.fit === "pad";
  const isDefault = background === white && (of.plan.format === "jpeg" || !of.hasAlpha);
  return isSeen && !isDefault ? background : undefined;
}

function planOverlays({ draw, dpr = 1 }: ImageOptions, { overlayHashes }: PlanContext) {
  const inDevicePixels = (side: number | null) => (side === null ? null : Math.round(side * dpr));
  return draw?.map(({ source, ...overlay }) => {
    const originalHash = overlayHashes?.get(source);
    if (originalHash === undefined) throw new Problem("not-found", `There is no picture ${source} to draw.`);
    return { ...overlay, originalHash, width: inDevicePixels(overlay.width), height: inDevicePixels(overlay.height) };
  });
}
