/** Scores the whole catalogue for one user as serving does: the same user vector, the same blend, every item at once. */
import {
  type BlendWeights,
  blendScore,
  type ItemBasis,
  productScale,
  userVectorOf,
  weighsLikeness,
  weightsFor,
} from "@vitrine/ranking";
import type { Kernels, Region } from "./kernels.ts";
import type { Neighbours } from "./neighbours.ts";
import { type Pictures, Sight } from "./pictures.ts";

export interface CatalogueParts {
  kernels: Kernels;
  /** Items × dimensions, four rows of room behind the last. */
  vectors: Region;
  basis: ItemBasis;
  neighbours: Neighbours;
  /** Saves of each item. */
  popularity: Uint32Array;
  /** Null where nothing is to be seen. */
  pictures?: Pictures | null;
}

/** Evidence for every item; the arrays are the catalogue's own and hold until the next call. */
export interface CatalogueEvidence {
  /** Standard deviations from the user's mean product. */
  vector: Float32Array;
  /** Share of the walk, 0..1. */
  walk: Float32Array;
  /** 0..3; zeros without pictures. */
  likeness: Float32Array;
}

export class Catalogue {
  readonly itemMean: Float32Array;
  readonly popularity: Uint32Array;
  readonly #parts: CatalogueParts;
  readonly #dimensions: number;
  readonly #user: Region;
  readonly #products: Region;
  readonly #evidence: CatalogueEvidence;
  readonly #sight: Sight | null;

  constructor(parts: CatalogueParts) {
    const { kernels, basis, popularity, pictures } = parts;
    const items = popularity.length;
    this.#parts = parts;
    this.#dimensions = basis.gramian.length;
    this.popularity = popularity;
    this.#user = kernels.allocate(this.#dimensions);
    this.#products = kernels.allocate(items + 4);
    this.#evidence = {
      vector: new Float32Array(items),
      walk: new Float32Array(items),
      likeness: new Float32Array(items),
    };
    this.#sight = pictures ? new Sight(kernels, pictures) : null;
    this.itemMean = meanRow(kernels.floats(parts.vectors), items, this.#dimensions);
  }

  evidenceFor(saved: Uint32Array): CatalogueEvidence {
    this.#multiply(saved);
    this.#walkFrom(saved);
    this.#sight?.write(saved, this.#evidence.likeness);
    return this.#evidence;
  }

  /** Writes the blend's score of every item. */
  score(saved: Uint32Array, scores: Float32Array, blend: readonly BlendWeights[]): void {
    const weights = weightsFor(blend, saved.length);
    this.#multiply(saved);
    this.#walkFrom(saved);
    // Looking takes longer than all else.
    if (weighsLikeness(weights)) this.#sight?.write(saved, this.#evidence.likeness);
    const { vector, walk, likeness } = this.#evidence;
    for (let item = 0; item < scores.length; item++) {
      const evidence = {
        vector: vector[item] ?? 0,
        walk: walk[item] ?? 0,
        saves: this.popularity[item] ?? 0,
        likeness: likeness[item] ?? 0,
      };
      scores[item] = blendScore(evidence, weights);
    }
  }

  #multiply(saved: Uint32Array): void {
    const { kernels, vectors, basis, popularity } = this.#parts;
    const d = this.#dimensions;
    const items = popularity.length;
    const rows = kernels.floats(vectors);
    const actions = Array.from(saved, (item) => ({ vector: rows.subarray(item * d, (item + 1) * d), weight: 1 }));
    const user = userVectorOf(actions, basis);
    const { mean, deviation } = productScale(user, { gramian: basis.gramian, itemMean: this.itemMean, items });
    kernels.floats(this.#user).set(user);
    kernels.exports.score_rows(
      this.#user.address,
      1,
      vectors.address,
      items,
      d,
      this.#products.address,
      this.#products.length,
    );
    const products = kernels.floats(this.#products);
    const { vector } = this.#evidence;
    for (let item = 0; item < items; item++) vector[item] = ((products[item] ?? 0) - mean) / deviation;
  }

  #walkFrom(saved: Uint32Array): void {
    const { keep, counts, items, levels, scales } = this.#parts.neighbours;
    const { walk } = this.#evidence;
    walk.fill(0);
    let total = 0;
    for (const item of saved) {
      const scale = (scales[item] ?? 0) / 255 ** 2;
      const from = item * keep;
      for (let at = from; at < from + (counts[item] ?? 0); at++) {
        const weight = scale * (levels[at] ?? 0) ** 2;
        const other = items[at] ?? 0;
        walk[other] = (walk[other] ?? 0) + weight;
        total += weight;
      }
    }
    if (total > 0) for (let item = 0; item < walk.length; item++) walk[item] = (walk[item] ?? 0) / total;
  }
}

/** The items' mean vector. */
export function meanRow(rows: Float32Array, count: number, d: number): Float32Array {
  const sums = new Float64Array(d);
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < d; k++) sums[k] = (sums[k] ?? 0) + (rows[row * d + k] ?? 0);
  }
  return Float32Array.from(sums, (sum) => sum / Math.max(1, count));
}
