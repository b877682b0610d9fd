/** Which sizes a picture's presets have, from its own size alone: what a page needs before any pixel is touched. */
import { planGeometry, type Size } from "./geometry.ts";
import { type PlannedPreset, planForPreset, presets } from "./presets.ts";

export interface PresetSize extends Size {
  preset: PlannedPreset;
}

/** Every preset with the exact size of its rendition, for an upright source. */
export function presetSizes(source: Size): PresetSize[] {
  return (Object.keys(presets) as PlannedPreset[]).map((preset) => ({
    preset,
    ...planGeometry(source, planForPreset(preset)).output,
  }));
}

/**
 * The presets that show the whole picture, the narrowest first and each width once: a browser picks one of these by
 * width alone, so none may be a cut-out.
 */
export function srcsetPresets(source: Size): PresetSize[] {
  const whole = presetSizes(source).filter(({ preset }) => presets[preset].fit === "scale-down");
  const byWidth = new Map(whole.toReversed().map((size) => [size.width, size]));
  return [...byWidth.values()].toSorted((one, other) => one.width - other.width);
}
