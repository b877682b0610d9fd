/** Keys and entries of the colo's cache, for what lies in the renditions bucket under the same key. */

/** A host that exists for no one but the colo's cache. */
const cacheOrigin = "https://renditions.vitrine.internal/";
/** The key names the bytes and how they are made, so an entry is never wrong: it may stay until it is evicted. */
const coloSeconds = 365 * 24 * 3600;

/** The URL of an entry, by its key in the renditions bucket. */
export function coloUrl(key: string): string {
  return cacheOrigin + key;
}

/** The entry itself. */
export function coloCopy(bytes: ArrayBuffer | string, contentType: string): Response {
  const length = typeof bytes === "string" ? new TextEncoder().encode(bytes).byteLength : bytes.byteLength;
  return new Response(bytes, {
    headers: {
      "Cache-Control": `public, max-age=${coloSeconds}, immutable`,
      "Content-Length": String(length),
      "Content-Type": contentType,
    },
  });
}
