/** What the items look like, where that is known: the training learns what looks say beside what is saved together. */
import { attractionsOf, likenessOf, type OwnedPin, sightDirections } from "@vitrine/ranking";
import { dequantise } from "@vitrine/vectors";
import type { Kernels, Region } from "./kernels.ts";

export interface Pictures {
  /** Of an embedding: a multiple of 4. */
  dimensions: number;
  /** Items × dimensions, int8 as `quantise` of @vitrine/vectors writes them; zeros for an item without a picture. */
  embeddings: Uint8Array;
}

/** The likeness of every item to what a user saved, as the feed has it: 0..3, see sight.ts of @vitrine/ranking. */
export class Sight {
  readonly #kernels: Kernels;
  readonly #pictures: Pictures;
  readonly #items: number;
  readonly #rows: Region;
  readonly #pair: Region;
  readonly #products: Region;

  /** Takes 4 bytes a dimension and item of the kernels' memory: 5 MB for 9,836 items. */
  constructor(kernels: Kernels, pictures: Pictures) {
    const { dimensions: d, embeddings } = pictures;
    const items = embeddings.length / d;
    if (d % 4 !== 0 || !Number.isInteger(items)) {
      throw new RangeError(`${embeddings.length} bytes are no embeddings of ${d} dimensions.`);
    }
    this.#kernels = kernels;
    this.#pictures = pictures;
    this.#items = items;
    this.#rows = kernels.allocate((items + 4) * d);
    this.#pair = kernels.allocate(2 * d);
    this.#products = kernels.allocate(2 * (items + 4));
    const rows = kernels.floats(this.#rows);
    for (let item = 0; item < items; item++) {
      rows.set(dequantise(embeddings.subarray(item * d, (item + 1) * d)), item * d);
    }
  }

  /** Writes the likeness of every item. */
  write(saved: Uint32Array, likeness: Float32Array): void {
    likeness.fill(0);
    const { dimensions: d } = this.#pictures;
    const directions = sightDirections(attractionsOf(this.#owned(saved), 0));
    for (let at = 0; at < directions.length; at += 2) this.#raise(likeness, directions.slice(at, at + 2), d);
    for (let item = 0; item < this.#items; item++) likeness[item] = likenessOf(likeness[item] ?? 0);
  }

  /** Raises each item's cosine to its product with one of two directions, where that is higher: `sightOf` for all items. */
  #raise(cosines: Float32Array, pair: readonly Float32Array[], d: number): void {
    const kernels = this.#kernels;
    const stride = this.#items + 4;
    const directions = kernels.floats(this.#pair);
    pair.forEach((direction, k) => {
      directions.set(direction, k * d);
    });
    kernels.exports.score_rows(
      this.#pair.address,
      pair.length,
      this.#rows.address,
      this.#items,
      d,
      this.#products.address,
      stride,
    );
    const products = kernels.floats(this.#products);
    for (let from = 0; from < pair.length * stride; from += stride) {
      for (let item = 0; item < this.#items; item++) {
        cosines[item] = Math.max(cosines[item] ?? 0, products[from + item] ?? 0);
      }
    }
  }

  /** As saved at once: the training knows no times. */
  #owned(saved: Uint32Array): OwnedPin[] {
    const { dimensions: d, embeddings } = this.#pictures;
    const owned = Array.from(saved, (item) => embeddings.subarray(item * d, (item + 1) * d));
    return owned
      .filter((embedding) => embedding.some((value) => value !== 0))
      .map((embedding) => ({ embedding, weight: 1, occurredAt: 0 }));
  }
}
