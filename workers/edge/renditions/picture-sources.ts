/** What a page needs to show a pin's picture at any width, from its stored size: no pixel is touched. */
import { type PictureSources, type PinId, Problem, type RenditionFormat } from "@vitrine/contracts";
import { presetSizes, probePrefix, type Size, srcsetPresets } from "@vitrine/image";
import type { PictureFacts } from "@vitrine/store";
import type { Services } from "../context.ts";
import { renditionPath } from "../pins.ts";

/** What pages name: WebP where it is shown, JPEG elsewhere. AVIF costs five times the time to make, by its extension. */
const pageFormats = [
  { format: "webp", extension: "webp" },
  { format: "jpeg", extension: "jpg" },
] as const satisfies { format: RenditionFormat; extension: string }[];

/** Enough for the header of nearly every picture. */
const headerBytes = 64 * 1024;

export interface SourcesRequest {
  pinId: PinId;
  size: Size;
  color: string | null;
  /** Makes a path one that the asker may show; the path itself on a public board. */
  sign(path: string): Promise<string>;
}

export async function pictureSources({ pinId, size, color, sign }: SourcesRequest): Promise<PictureSources> {
  const url = (preset: string, extension = "") => sign(renditionPath(pinId, preset + extension));
  const whole = srcsetPresets(size);
  const candidates = await Promise.all(whole.map(async ({ preset, width }) => `${await url(preset)} ${width}w`));
  const widest = whole.at(-1)?.width ?? size.width;
  const named = presetSizes(size).flatMap((each) =>
    pageFormats.map(async ({ format, extension }) => ({
      preset: each.preset,
      url: await url(each.preset, `.${extension}`),
      width: each.width,
      height: each.height,
      type: `image/${format}`,
    })),
  );
  return {
    src: await url("detail"),
    srcset: candidates.join(", "),
    sizes: `(max-width: ${widest}px) 100vw, ${widest}px`,
    width: size.width,
    height: size.height,
    color,
    renditions: await Promise.all(named),
  };
}

/** The size as ingest keeps it; before that, from the header of the original. */
export async function sizeOf(
  { originals }: Pick<Services, "originals">,
  originalHash: string,
  facts: PictureFacts | undefined,
): Promise<Size> {
  if (facts?.width && facts.height) return { width: facts.width, height: facts.height };
  const file = await originals.get(originalHash, { range: { offset: 0, length: headerBytes } });
  if (!file) throw new Problem("not-found", "The original of this pin is gone.");
  const probe = probePrefix(new Uint8Array(await file.arrayBuffer()), file.size);
  if (probe) return { width: probe.width, height: probe.height };
  throw new Problem("not-found", "The size of this picture is not known yet: ask again in two seconds.", {
    retryAfterSeconds: 2,
  });
}
