import { Problem, type RenditionFormat } from "@vitrine/contracts";
import { isPresetName, type PresetName, presetNames } from "./presets.ts";

export interface RenditionPath {
  pinId: string;
  preset: PresetName;
  /** Null: negotiated with `Accept`. */
  format: RenditionFormat | null;
}

const formatOfExtension = new Map<string, RenditionFormat>([
  ["jpg", "jpeg"],
  ["jpeg", "jpeg"],
  ["webp", "webp"],
  ["avif", "avif"],
  ["png", "png"],
]);

/**
 * Reads `/i/{pin}/{preset}[.{jpg|webp|avif|png}]`. The pin is any segment: whether it exists is for others
 * to say. Throws `not-found` with the choices for an unknown preset or extension.
 */
export function parseRenditionPath(pathname: string): RenditionPath {
  const match = /^\/i\/([^/]+)\/([a-z]+)(?:\.([a-z]+))?$/.exec(pathname);
  const [, pinId, preset, extension] = match ?? [];
  if (pinId === undefined || preset === undefined || !isPresetName(preset)) {
    throw new Problem("not-found", `Ask for /i/{pin}/{preset}, with a preset of ${presetNames.join(", ")}.`);
  }
  if (extension === undefined) return { pinId, preset, format: null };
  if (preset === "original") {
    throw new Problem("not-found", "The original is answered as it came: ask for it without an extension.");
  }
  const format = formatOfExtension.get(extension);
  if (!format) throw new Problem("not-found", "Ask for the rendition as .jpg, .webp, .avif or .png, or without any.");
  return { pinId, preset, format };
}
