/**
 * What every edge holds of the trained model that serves: all that is needed to place a user (fold-in), to find the
 * interests and to weigh the ranking. Pin embeddings and neighbours lie in D1 and in the taste index, by version.
 *
 * One binary value in KV, about 200 KB at 128 dimensions and 256 interests: a JSON header, then float32 numbers.
 */

/** KV key of the model that serves. A new model is written under its own version first and takes this key last. */
export const servingModelKey = "model";

/** The least squares problem that places a user among given pins (iALS, Rendle et al. 2021, equation 4). */
export interface FoldInSettings {
  /** λ. */
  regularisation: number;
  /** α₀, the weight of what was not saved. */
  unobservedWeight: number;
  /** ν: λ_user = λ (saves + α₀ · pins)^ν. */
  frequencyExponent: number;
}

/** Learned on held-out saves; each is what one standard deviation of its feature is worth. */
export interface EnsembleWeights {
  /** Dot product of user and pin embedding. */
  taste: number;
  /** Sum of the neighbour weights from the user's saves. */
  neighbours: number;
  /** log(1 + saves): negative damps popularity. */
  popularity: number;
}

export interface ServingModel {
  version: string;
  /** Milliseconds since 1970. */
  trainedAt: number;
  dimensions: number;
  pinCount: number;
  userCount: number;
  saveCount: number;
  foldIn: FoldInSettings;
  weights: EnsembleWeights;
  /** Mean and standard deviation of each ensemble feature over candidates, as the weights were learned. */
  scales: Record<keyof EnsembleWeights, { mean: number; deviation: number }>;
  /** Σ v vᵀ over all pin embeddings, row by row. */
  gramian: Float32Array;
  /** Centres of user embeddings; an interest of the taste is a position in it. */
  interests: Float32Array[];
}

type Header = Omit<ServingModel, "gramian" | "interests"> & { interests: number };

/** float32 numbers begin at multiples of their size. */
const headerAlignment = 4;

/** 4 bytes of header length, the header in JSON padded to 4 bytes, the Gramian, the interests. */
export function encodeServingModel({ gramian, interests, ...rest }: ServingModel): Uint8Array<ArrayBuffer> {
  const header = { ...rest, interests: interests.length } satisfies Header;
  const text = Uint8Array.from(JSON.stringify(header), (character) => character.charCodeAt(0));
  const headerBytes = Math.ceil(text.length / headerAlignment) * headerAlignment;
  const floats = gramian.length + interests.length * rest.dimensions;
  const bytes = new Uint8Array(4 + headerBytes + floats * 4).fill(0x20, 4, 4 + headerBytes);
  new DataView(bytes.buffer).setUint32(0, headerBytes, true);
  bytes.set(text, 4);
  const numbers = new Float32Array(bytes.buffer, 4 + headerBytes);
  numbers.set(gramian, 0);
  interests.forEach((interest, i) => {
    numbers.set(interest, gramian.length + i * rest.dimensions);
  });
  return bytes;
}

/** Borrows the bytes. Throws on bytes that no `encodeServingModel` made. */
export function decodeServingModel(bytes: ArrayBuffer): ServingModel {
  const headerBytes = new DataView(bytes).getUint32(0, true);
  const text = String.fromCharCode(...new Uint8Array(bytes, 4, headerBytes));
  const { interests: count, ...header }: Header = JSON.parse(text);
  const { dimensions } = header;
  const numbers = new Float32Array(bytes, 4 + headerBytes);
  if (numbers.length !== dimensions * dimensions + count * dimensions) throw new Error("the model is cut off");
  const interests = Array.from({ length: count }, (_, i) =>
    numbers.subarray((dimensions + i) * dimensions, (dimensions + i + 1) * dimensions),
  );
  return { ...header, gramian: numbers.subarray(0, dimensions * dimensions), interests };
}
