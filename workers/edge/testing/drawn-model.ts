/** A model over a drawn catalogue, as training would have made it: pins of a style are near each other and are neighbours. */
import { encodeNeighbours, encodePinVector, encodeServingModel, servingModelKey } from "@vitrine/ranking";
import { putPinModels } from "@vitrine/store";
import { normalise, seededSequence } from "@vitrine/vectors";
import type { Bindings } from "../adapters/bindings.ts";
import type { Services } from "../context.ts";
import { type Catalogue, CountingIndex } from "./catalogue.ts";

export const drawnVersion = "m00000000001";
const dimensions = 16;

export interface DrawnModel {
  version: string;
  /** One interest a style, in the order of the catalogue's styles. */
  index: CountingIndex;
}

/** Fills D1, KV and an index. Item i is the catalogue's pin i. */
export async function drawModel(
  { KV }: Pick<Bindings, "KV">,
  databases: Services["databases"],
  { pins, styles }: Catalogue,
): Promise<DrawnModel> {
  const random = seededSequence(3);
  const index = new CountingIndex(dimensions, "dot-product");
  const centreOf = (style: string) => axis(styles.indexOf(style));
  const vectors = pins.map(({ style }) => centreOf(style).map((x) => x + 0.2 * (random() - 0.5)));
  const rows = pins.map(({ id, style }, item) => {
    const alike = pins.flatMap((pin, other) => (pin.style === style && other !== item ? [other] : []));
    const neighbours = {
      items: Uint32Array.from(alike),
      weights: Float32Array.from(alike, (_, rank) => 1 / (rank + 1)),
    };
    return {
      pinId: id,
      item,
      vector: base64(encodePinVector(vectors[item] ?? [])),
      neighbours: base64(encodeNeighbours(neighbours)),
    };
  });
  await putPinModels(databases, drawnVersion, rows);
  for (const [item, { id }] of pins.entries()) index.add(`${drawnVersion}.${id}`, vectors[item] ?? new Float32Array());
  const sumOf = (of: (vector: Float32Array, k: number) => number) =>
    new Float32Array(dimensions).map((_, k) => vectors.reduce((sum, vector) => sum + of(vector, k), 0));
  const model = encodeServingModel({
    version: drawnVersion,
    trainedAt: 1,
    dimensions,
    userCount: 100,
    saveCount: 1_000,
    basis: {
      gramian: sumOf((vector, k) => (vector[k] ?? 0) ** 2),
      items: pins.length,
      regularisation: 0.02,
      regularisationExponent: 1,
      unobservedWeight: 0.01,
    },
    itemMean: sumOf((vector, k) => (vector[k] ?? 0) / pins.length),
    blend: [{ fromActions: 0, weights: [1, 0, 0.5, 0] }],
    interests: styles.map(centreOf),
  });
  await KV.put(servingModelKey, model);
  return { version: drawnVersion, index };
}

function axis(k: number): Float32Array {
  return normalise(new Float32Array(dimensions).map((_, i) => (i === k ? 1 : 0)));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
