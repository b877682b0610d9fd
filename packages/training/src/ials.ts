/**
 * Implicit ALS (Hu, Koren & Volinsky 2008; with the weights of Rendle et al. 2021, "Revisiting the performance of iALS"):
 * minimises Σ over saves (ŷ − 1)² + α₀ Σ over all pairs ŷ² + Σ over rows λ (n + α₀ N)^ν |w|², n a row's saves, N the
 * other side's rows. Each side in turn has a closed form, so a slice of rows can be solved at a time, exactly.
 *
 * After `orient`, a side's factors lie in the basis in which their Gramian is diagonal (see native/kernels.c), which is
 * as good as any other: only dot products between the sides mean something.
 */
import { seededSequence } from "@vitrine/vectors";
import type { Kernels, Region } from "./kernels.ts";
import { countsOf, type Saves } from "./saves.ts";

export interface IalsSettings {
  /** Multiple of 4, 4..256. */
  dimensions: number;
  /** λ: pull towards zero. */
  regularisation: number;
  /** α₀: weight of a pair without a save against one with. */
  unobservedWeight: number;
  /** ν: 1 weighs a row's pull by its saves, 0 pulls all rows alike. */
  regularisationExponent: number;
  /** Standard deviation of the first item factors, times √d. */
  initialDeviation: number;
  seed: number;
}

export type Side = "users" | "items";

export interface SideState {
  readonly count: number;
  readonly factors: Region;
  readonly offsets: Region;
  readonly columns: Region;
  readonly ridge: Region;
}

export class Ials {
  readonly settings: IalsSettings;
  readonly users: SideState;
  readonly items: SideState;
  readonly #kernels: Kernels;
  readonly #gramian: Region;
  readonly #basis: Region;
  readonly #basisFloats: Region;
  readonly #eigen: Region;
  readonly #scratch: Region;

  constructor(kernels: Kernels, { byUser, byItem }: { byUser: Saves; byItem: Saves }, settings: IalsSettings) {
    const d = settings.dimensions;
    this.#kernels = kernels;
    this.settings = settings;
    this.users = sideOf(kernels, byUser, settings);
    this.items = sideOf(kernels, byItem, settings);
    this.#gramian = kernels.allocate(d * d, 8);
    this.#basis = kernels.allocate(d * d, 8);
    this.#basisFloats = kernels.allocate(d * d);
    this.#eigen = kernels.allocate(d);
    this.#scratch = kernels.scratch(d);
    this.#drawItems();
  }

  /** Turns a side into the basis of its Gramian, and remembers the Gramian's diagonal for `solve` of the other side. */
  orient(side: Side): void {
    const { exports } = this.#kernels;
    const { factors, count } = this[side];
    const d = this.settings.dimensions;
    this.#kernels.doubles(this.#gramian).fill(0);
    exports.gramian_add(factors.address, 0, count, d, this.#gramian.address, this.#scratch.address);
    exports.diagonalise(this.#gramian.address, d, this.#basis.address);
    this.#kernels.floats(this.#basisFloats).set(this.#kernels.doubles(this.#basis));
    exports.rotate(factors.address, 0, count, d, this.#basisFloats.address, this.#scratch.address);
    this.restoreBasis(this.basis());
  }

  /** The diagonal of the Gramian of the side oriented last. */
  basis(): Float64Array {
    const d = this.settings.dimensions;
    const gramian = this.#kernels.doubles(this.#gramian);
    return Float64Array.from({ length: d }, (_, k) => Math.max(0, gramian[k * d + k] ?? 0));
  }

  /** Goes on as after the `orient` that had this diagonal. */
  restoreBasis(diagonal: Float64Array): void {
    const d = this.settings.dimensions;
    const gramian = this.#kernels.doubles(this.#gramian);
    const eigen = this.#kernels.floats(this.#eigen);
    for (let k = 0; k < d; k++) {
      gramian[k * d + k] = diagonal[k] ?? 0;
      eigen[k] = (diagonal[k] ?? 0) * this.settings.unobservedWeight;
    }
  }

  /** `basis` as floats. */
  gramianDiagonal(): Float32Array {
    return Float32Array.from(this.basis());
  }

  /** Exact factors for rows `first` … `last − 1` of a side, given that the other side was oriented last. */
  solve(side: Side, first: number, last: number): void {
    const { offsets, columns, ridge, factors } = this[side];
    const other = this[side === "users" ? "items" : "users"];
    this.#kernels.exports.solve_rows(
      first,
      Math.min(last, this[side].count),
      offsets.address,
      columns.address,
      other.factors.address,
      this.settings.dimensions,
      this.#eigen.address,
      ridge.address,
      factors.address,
      this.#scratch.address,
    );
  }

  factors(side: Side): Float32Array {
    return this.#kernels.floats(this[side].factors).subarray(0, this[side].count * this.settings.dimensions);
  }

  #drawItems(): void {
    const { seed, initialDeviation, dimensions } = this.settings;
    const next = seededSequence(seed);
    // Uniform with the standard deviation asked for: the same on every machine, without a logarithm.
    const width = initialDeviation * Math.sqrt(12 / dimensions);
    const factors = this.factors("items");
    for (let k = 0; k < factors.length; k++) factors[k] = (next() - 0.5) * width;
  }
}

/** λ (n + α₀ N)^ν */
export function ridgeOf(
  saves: number,
  others: number,
  { regularisation, unobservedWeight, regularisationExponent }: IalsSettings,
): number {
  return regularisation * (saves + unobservedWeight * others) ** regularisationExponent;
}

function sideOf(kernels: Kernels, saves: Saves, settings: IalsSettings): SideState {
  const ridge = Float32Array.from(countsOf(saves), (count) => ridgeOf(count, saves.items, settings));
  return {
    count: saves.users,
    // Four rows more: tiles of scores read rows by four.
    factors: kernels.allocate((saves.users + 4) * settings.dimensions),
    offsets: kernels.place(saves.offsets),
    columns: kernels.place(saves.columns),
    ridge: kernels.place(ridge),
  };
}
