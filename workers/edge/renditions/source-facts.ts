/** What the first bytes of an original tell, remembered: a picture never changes. */
import { type PictureFormat, pictureFormats, probePrefix } from "@vitrine/image";
import type { Services } from "../context.ts";

export interface SourceFacts {
  format: PictureFormat;
  hasAlpha: boolean;
  /** What tells how much memory a rendition takes, without its EXIF; null where the header is too long. */
  probe: NonNullable<ReturnType<typeof probePrefix>> | null;
  /** A GIF is taken to be, as its header does not say. */
  isAnimated: boolean;
}

/** Enough for the header of nearly every picture. */
const headerBytes = 64 * 1024;
/** A hash and the numbers of a header, about 500 bytes each. */
const maxEntries = 10_000;

const known = new Map<string, SourceFacts>();

/** Undefined when there is no such original. Where the header tells nothing, its media type and no transparency. */
export async function sourceFacts(
  services: Pick<Services, "originals">,
  originalHash: string,
): Promise<SourceFacts | undefined> {
  const remembered = known.get(originalHash);
  if (remembered) return remembered;
  const file = await services.originals.get(originalHash, { range: { offset: 0, length: headerBytes } });
  if (!file) return undefined;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const facts = factsOf(bytes, { size: file.size, contentType: file.httpMetadata?.contentType });
  if (known.size >= maxEntries) known.clear();
  known.set(originalHash, facts);
  return facts;
}

function factsOf(bytes: Uint8Array, file: { size: number; contentType: string | undefined }): SourceFacts {
  const byType = pictureFormats.find((format) => file.contentType === `image/${format}`) ?? "jpeg";
  try {
    const probe = probePrefix(bytes, file.size);
    if (!probe) return { format: byType, hasAlpha: false, isAnimated: false, probe: null };
    delete probe.exif; // up to 64 kB, and nothing that is planned depends on it
    const { format, hasAlpha, isAnimated } = probe;
    return { format, hasAlpha, isAnimated, probe };
  } catch {
    // No picture: making the rendition says what is wrong with it.
    return { format: byType, hasAlpha: false, isAnimated: false, probe: null };
  }
}
