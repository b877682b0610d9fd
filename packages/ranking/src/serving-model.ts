/**
 * What every edge holds of the trained model that serves: all that is needed to place a user (fold-in), to find the
 * interests and to weigh the ranking. Pin embeddings and neighbours lie in D1 and in the taste index, by version.
 *
 * One binary value in KV, about 130 KB at 128 dimensions and 256 interests: a JSON header, then float32 numbers.
 */

import type { BlendWeights } from "./blend.ts";
import type { ItemBasis } from "./fold-in.ts";

/** KV key of the model that serves. All else of a new model is written before, under its version; this key last. */
export const servingModelKey = "model";

export interface ServingModel {
  version: string;
  /** Milliseconds since 1970. */
  trainedAt: number;
  dimensions: number;
  userCount: number;
  saveCount: number;
  /** What places a user among pins; `gramian` is the diagonal, of length `dimensions`. */
  basis: ItemBasis;
  /** Mean pin embedding, of length `dimensions`. */
  itemMean: Float32Array;
  /** Learned on held-out saves. */
  blend: BlendWeights[];
  /** Centres of user embeddings; an interest of the taste is a position in it. */
  interests: Float32Array[];
}

type Header = Omit<ServingModel, "basis" | "itemMean" | "interests"> & {
  basis: Omit<ItemBasis, "gramian">;
  interests: number;
};

/** float32 numbers begin at multiples of their size. */
const headerAlignment = 4;

/** 4 bytes of header length, the header in JSON padded to 4 bytes, the Gramian, the mean, the interests. */
export function encodeServingModel({ basis, itemMean, interests, ...rest }: ServingModel): Uint8Array<ArrayBuffer> {
  const { gramian, ...settings } = basis;
  const header = { ...rest, basis: settings, interests: interests.length } satisfies Header;
  const text = Uint8Array.from(JSON.stringify(header), (character) => character.charCodeAt(0));
  const headerBytes = Math.ceil(text.length / headerAlignment) * headerAlignment;
  const rows = [gramian, itemMean, ...interests];
  const bytes = new Uint8Array(4 + headerBytes + rows.length * rest.dimensions * 4).fill(0x20, 4, 4 + headerBytes);
  new DataView(bytes.buffer).setUint32(0, headerBytes, true);
  bytes.set(text, 4);
  const numbers = new Float32Array(bytes.buffer, 4 + headerBytes);
  rows.forEach((row, i) => {
    numbers.set(row, i * rest.dimensions);
  });
  return bytes;
}

/** Borrows the bytes. Throws on bytes that no `encodeServingModel` made. */
export function decodeServingModel(bytes: ArrayBuffer): ServingModel {
  const headerBytes = new DataView(bytes).getUint32(0, true);
  const text = String.fromCharCode(...new Uint8Array(bytes, 4, headerBytes));
  const { interests: count, basis, ...header }: Header = JSON.parse(text);
  const { dimensions } = header;
  const numbers = new Float32Array(bytes, 4 + headerBytes);
  if (numbers.length !== (2 + count) * dimensions) throw new Error("the model is cut off");
  const row = (i: number) => numbers.subarray(i * dimensions, (i + 1) * dimensions);
  return {
    ...header,
    basis: { ...basis, gramian: row(0) },
    itemMean: row(1),
    interests: Array.from({ length: count }, (_, i) => row(2 + i)),
  };
}
