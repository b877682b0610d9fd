/**
 * Item-item neighbours from co-saves: weight(i, j) = n_i^−source · n_j^−target · Σ over users with both of n_u^−user.
 *
 * - RP3beta (Paudel et al. 2017), α for both steps of the walk: source α, user α, target β.
 * - Cosine (ItemKNN): source ½, target ½, user 0.
 */
import type { Kernels } from "./kernels.ts";
import { countsOf, type Saves } from "./saves.ts";

export interface NeighbourSettings {
  sourceExponent: number;
  userExponent: number;
  targetExponent: number;
  /** Neighbours kept of each item. */
  keep: number;
}

/**
 * Row i has the neighbours `items[i · keep …]`, heaviest first, `counts[i]` of them. Five bytes each: a weight is
 * `scales[i] · (level / 255)²`, whose error is small where weights are small, and they fall off fast.
 */
export interface Neighbours {
  readonly keep: number;
  readonly counts: Uint32Array;
  readonly items: Uint32Array;
  readonly levels: Uint8Array;
  readonly scales: Float32Array;
}

export function neighbourWeight({ keep, levels, scales }: Neighbours, item: number, place: number): number {
  return (scales[item] ?? 0) * ((levels[item * keep + place] ?? 0) / 255) ** 2;
}

/** RP3beta with the exponents of the reference figures. */
export const rp3beta = { sourceExponent: 0.6, userExponent: 0.6, targetExponent: 0.5 };
export const cosine = { sourceExponent: 0.5, userExponent: 0, targetExponent: 0.5 };

/** Where the kernels find both directions of the saves. */
export interface PlacedSaves {
  byUser: { offsets: { address: number }; columns: { address: number } };
  byItem: { offsets: { address: number }; columns: { address: number } };
}

/** Finds neighbours an item at a time: `find(first, last)` may be called in slices, with the same result. */
export class NeighbourSearch {
  readonly neighbours: Neighbours;
  readonly #settings: NeighbourSettings;
  readonly #kernels: Kernels;
  readonly #saves: PlacedSaves;
  readonly #itemCounts: Uint32Array;
  readonly #userFactor;
  readonly #targetFactor;
  readonly #sums;
  readonly #touched;
  readonly #outItems;
  readonly #outWeights;

  constructor(
    kernels: Kernels,
    { byUser, byItem, placed }: { byUser: Saves; byItem: Saves; placed: PlacedSaves },
    settings: NeighbourSettings,
  ) {
    const items = byItem.users;
    const keep = Math.min(settings.keep, Math.max(1, items - 1));
    this.#kernels = kernels;
    this.#settings = settings;
    this.#saves = placed;
    this.#itemCounts = countsOf(byItem);
    this.#userFactor = kernels.place(powers(countsOf(byUser), settings.userExponent));
    this.#targetFactor = kernels.place(powers(this.#itemCounts, settings.targetExponent));
    this.#sums = kernels.allocate(items);
    this.#touched = kernels.allocate(items);
    this.#outItems = kernels.allocate(keep);
    this.#outWeights = kernels.allocate(keep);
    this.neighbours = {
      keep,
      counts: new Uint32Array(items),
      items: new Uint32Array(items * keep),
      levels: new Uint8Array(items * keep),
      scales: new Float32Array(items),
    };
  }

  find(first: number, last: number): void {
    const { byUser, byItem } = this.#saves;
    const { keep, counts, items, levels, scales } = this.neighbours;
    for (let item = first; item < Math.min(last, counts.length); item++) {
      const count = this.#kernels.exports.neighbours(
        item,
        byItem.offsets.address,
        byItem.columns.address,
        byUser.offsets.address,
        byUser.columns.address,
        this.#userFactor.address,
        this.#targetFactor.address,
        keep,
        this.#sums.address,
        this.#touched.address,
        this.#outItems.address,
        this.#outWeights.address,
      );
      counts[item] = count;
      items.set(this.#kernels.words(this.#outItems).subarray(0, count), item * keep);
      const found = this.#kernels.floats(this.#outWeights);
      const heaviest = found[0] ?? 0;
      scales[item] =
        count === 0 ? 0 : heaviest * Math.max(1, this.#itemCounts[item] ?? 0) ** -this.#settings.sourceExponent;
      for (let k = 0; k < count; k++) levels[item * keep + k] = Math.round(255 * Math.sqrt((found[k] ?? 0) / heaviest));
    }
  }
}

function powers(counts: Uint32Array, exponent: number): Float32Array {
  return Float32Array.from(counts, (count) => Math.max(1, count) ** -exponent);
}
