/** The codebook of interests: centroids of the catalogue's visual embeddings. An interest is a position in it. */
import { fromBase64, toBase64 } from "./base64.ts";

export interface Codebook {
  /** Part of every fragment's key: an interest means nothing without the codebook it belongs to. */
  version: string;
  /** Unit vectors. */
  centroids: Float32Array[];
  /** Pins with an embedding when it was learned: a new one is due when the catalogue has grown. */
  pinCount: number;
}

export const codebookKey = "codebook";

/** k = √(n/2), so that an interest holds about √(2n) pins; 8 is the fewest that tell tastes apart, 256 fit one KV value. */
export function interestCountFor(pinCount: number): number {
  return Math.min(Math.max(Math.round(Math.sqrt(pinCount / 2)), 8), 256);
}

export function encodeCodebook({ version, centroids, pinCount }: Codebook): string {
  const dimensions = centroids[0]?.length ?? 0;
  const values = new Float32Array(centroids.length * dimensions);
  centroids.forEach((centroid, i) => {
    values.set(centroid, i * dimensions);
  });
  return JSON.stringify({ version, dimensions, pinCount, centroids: toBase64(new Uint8Array(values.buffer)) });
}

export function decodeCodebook(text: string): Codebook {
  const packed: { version: string; dimensions: number; pinCount: number; centroids: string } = JSON.parse(text);
  const values = new Float32Array(fromBase64(packed.centroids).buffer);
  const count = packed.dimensions > 0 ? values.length / packed.dimensions : 0;
  const centroids = Array.from({ length: count }, (_, i) =>
    values.slice(i * packed.dimensions, (i + 1) * packed.dimensions),
  );
  return { version: packed.version, pinCount: packed.pinCount, centroids };
}
