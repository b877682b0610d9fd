import { probePrefix } from "@vitrine/image";
import type { Services } from "../context.ts";

/** Enough for the header of nearly every PNG, WebP and AVIF. */
const headerBytes = 64 * 1024;
/** A hash and a bit, about 150 bytes each. */
const maxEntries = 10_000;

const known = new Map<string, boolean>();

/**
 * Whether a picture has alpha, from the first bytes of the original. Only asked for clients that show neither WebP
 * nor AVIF, and remembered: a picture never changes. When the header tells nothing, no.
 */
export async function hasAlpha(services: Pick<Services, "originals">, originalHash: string): Promise<boolean> {
  const remembered = known.get(originalHash);
  if (remembered !== undefined) return remembered;
  const file = await services.originals.get(originalHash, { range: { offset: 0, length: headerBytes } });
  if (!file) return false;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const answer = headerHasAlpha(bytes, file.size);
  if (known.size >= maxEntries) known.clear();
  known.set(originalHash, answer);
  return answer;
}

function headerHasAlpha(bytes: Uint8Array, size: number): boolean {
  try {
    return probePrefix(bytes, size)?.hasAlpha ?? false;
  } catch {
    return false; // no picture: making the rendition says what is wrong with it
  }
}
