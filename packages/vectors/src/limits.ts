/**
 * What Vectorize takes, from its documentation ("Limits", "Metadata filtering"), autumn 2026. Those of `getByIds` and
 * `deleteByIds` are not documented: they were seen in error messages. Callers split their batches by these numbers.
 */
export const vectorLimits = {
  maxDimensions: 1_536,
  /** Of UTF-8. */
  maxIdBytes: 64,
  maxNamespaceBytes: 64,
  defaultTopK: 5,
  maxTopK: 100,
  /** With `returnValues` or with `returnMetadata: "all"`, which have to fetch every match. */
  maxTopKWithDetails: 50,
  /** Of an insert or upsert from a Worker; the HTTP API takes 5,000. */
  maxVectorsPerMutation: 1_000,
  maxIdsPerGet: 20,
  maxIdsPerDelete: 100,
  maxVectorsPerIndex: 20_000_000,
  maxNamespacesPerIndex: 50_000,
  maxMetadataIndexes: 10,
  /** Of a vector's metadata as compact JSON. */
  maxMetadataBytes: 10 * 1024,
  /** A string is filterable by its first 64 bytes, cut at a character. */
  maxIndexedStringBytes: 64,
  /** Of a filter's compact JSON: it must be less than 2,048. */
  maxFilterBytes: 2_047,
  maxFilterKeyCharacters: 512,
} as const;

/** The length of a string in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The longest beginning of a string that has at most so many bytes of UTF-8 and ends between two characters. */
export function truncateUtf8(text: string, maxBytes: number): string {
  let end = 0;
  let bytes = 0;
  for (const character of text) {
    bytes += utf8Bytes(character);
    if (bytes > maxBytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}
