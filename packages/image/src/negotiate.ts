import type { RenditionFormat } from "@vitrine/contracts";

/**
 * The format of a preset for an `Accept` header (RFC 9110 §12.5.1): WebP where it is named, else AVIF where it is named
 * (it costs five times the time to make), else what every client reads: JPEG, or PNG for a picture with alpha.
 * Wildcards name nothing: clients that cannot show WebP send them too. `q=0` is a refusal.
 */
export function negotiateFormat(accept: string | null | undefined, picture: { hasAlpha: boolean }): RenditionFormat {
  const accepted = namedTypes(accept ?? "");
  if (accepted.has("image/webp")) return "webp";
  if (accepted.has("image/avif")) return "avif";
  return picture.hasAlpha ? "png" : "jpeg";
}

/** Whether a type is named and not refused. */
export function acceptsFormat(accept: string | null | undefined, format: RenditionFormat): boolean {
  return namedTypes(accept ?? "").has(`image/${format}`);
}

/** Whether the answer for this header depends on the picture's alpha, which costs a look at the picture. */
export function dependsOnAlpha(accept: string | null | undefined): boolean {
  return negotiateFormat(accept, { hasAlpha: true }) !== negotiateFormat(accept, { hasAlpha: false });
}

function namedTypes(accept: string): Set<string> {
  const types = new Set<string>();
  for (const range of accept.toLowerCase().split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, "");
    if (weight === undefined || Number.parseFloat(weight) > 0) types.add(type);
  }
  return types;
}
