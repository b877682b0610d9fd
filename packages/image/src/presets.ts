import type { RenditionFormat, RenditionPlan } from "@vitrine/contracts";

/**
 * The named renditions. `medium` and `large` are bounded by their width; the heights keep what is tall as a scroll
 * within 2 megapixels, which AVIF's encoder makes in 75 of 104 MB, so that a preset is never refused. `format` and `quality` hold when a
 * plan is asked for without a format; over HTTP the format comes from the extension or from `Accept`.
 */
export const presets = {
  thumbnail: { fit: "cover", width: 236, height: 236, format: "webp", quality: 80 },
  feed: { fit: "scale-down", width: 474, height: 632, format: "webp", quality: 85 },
  detail: { fit: "scale-down", width: 736, height: 980, format: "webp", quality: 90 },
  zoom: { fit: "scale-down", width: 1200, height: 1600, format: "jpeg", quality: 95 },
  grid: { fit: "cover", width: 150, height: 150, format: "jpeg", quality: 85 },
  medium: { fit: "scale-down", width: 236, height: 8_192, format: "jpeg", quality: 85 },
  large: { fit: "scale-down", width: 736, height: 2_720, format: "jpeg", quality: 85 },
} as const satisfies Record<string, RenditionPlan>;

export type PlannedPreset = keyof typeof presets;
/** `original` has no plan: the bytes go out as they came. */
export type PresetName = PlannedPreset | "original";

export const presetNames = [...Object.keys(presets), "original"] as readonly PresetName[];

export function isPresetName(name: string): name is PresetName {
  return name === "original" || Object.hasOwn(presets, name);
}

/** The plan of a preset, in the given format or the preset's own. */
export function planForPreset(preset: PlannedPreset, format?: RenditionFormat): RenditionPlan {
  const plan = presets[preset];
  const chosen = format ?? plan.format;
  return { ...plan, format: chosen, quality: qualityOn(chosen, plan.quality) };
}

/**
 * Qualities of presets are on the scale of JPEG and WebP. AVIF reaches the same similarity (DSSIM) at 0.8 of
 * the number: 64 where JPEG needs 80 and WebP 82, https://www.industrialempathy.com/posts/avif-webp-quality-settings/.
 * PNG is lossless unless it is indexed: one number for all, so that equal bytes have one key.
 */
export function qualityOn(format: RenditionFormat, quality: number): number {
  if (format === "png") return 100;
  return format === "avif" ? Math.round(quality * 0.8) : quality;
}
