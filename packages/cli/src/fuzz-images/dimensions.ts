/** Whether a rendition has the size that its preset promises, computed apart from the pipeline and read by sharp. */
import { type PlannedPreset, presets } from "@vitrine/image";

export interface Sides {
  width: number;
  height: number;
}

/** What one pixel of rounding in either side may be. */
const tolerance = 1;

/**
 * What is wrong with the size of `made`, or null. `source` is the upright original; null when nobody knows it, as with
 * many broken files: then the box alone is looked at.
 */
export function sizeFault(preset: PlannedPreset, made: Sides, source: Sides | null): string | null {
  const { fit, width, height } = presets[preset];
  const said = `${made.width}×${made.height}`;
  if (fit === "cover") return isSame(made, { width, height }, 0) ? null : `${said} in place of ${width}×${height}`;
  const box = { width, height };
  if (!source) return made.width <= box.width && made.height <= box.height ? null : `${said} is outside of its box`;
  const wanted = insideBox(source, box);
  return isSame(made, wanted, tolerance) ? null : `${said} in place of ${wanted.width}×${wanted.height}`;
}

/** The largest size of the source's ratio inside the box, never enlarged. */
function insideBox(source: Sides, box: Sides): Sides {
  const scale = Math.min(1, box.width / source.width, box.height / source.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(source.width), height: side(source.height) };
}

function isSame(a: Sides, b: Sides, difference: number): boolean {
  return Math.abs(a.width - b.width) <= difference && Math.abs(a.height - b.height) <= difference;
}
