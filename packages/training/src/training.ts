/**
 * A training as a sequence of slices, so that it can run within a Worker's limits: `advance()` does a fraction of a
 * second, `checkpoint()` between any two writes down all that the rest depends on, and `restore()` goes on from there.
 * Interrupted or not, the result is the same to the bit.
 *
 *   learn       iALS on all saves but a validation item a user
 *   validate    neighbours of the same saves; the blend's weights, that of looks too where there are pictures; metrics
 *   refit       a few more epochs, on all saves
 *   neighbours  of all saves
 *   done        `model()`
 *
 * The clock and the storage are the caller's.
 */
import type { ItemBasis } from "@vitrine/ranking";
import { Catalogue, meanRow } from "./catalogue.ts";
import { type Checkpoint, CheckpointError, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { Ials, type IalsSettings, type Side } from "./ials.ts";
import { Kernels } from "./kernels.ts";
import { NeighbourSearch, type Neighbours } from "./neighbours.ts";
import type { Pictures } from "./pictures.ts";
import { countsOf, type Saves, transposed, without } from "./saves.ts";
import type { TrainingSettings } from "./settings.ts";
import { type Findings, findings, Validation } from "./validation.ts";
import { drawValidation } from "./validation-items.ts";

export type Stage = Checkpoint["stage"];

export interface TrainingProgress {
  stage: Stage;
  epoch: number;
  /** True after the last slice of an epoch or a stage: the smallest checkpoints, worth storing. */
  isMilestone: boolean;
}

/** What is learned from. */
export interface Lessons {
  saves: Saves;
  /** Of the items; null or absent where nothing is to be seen. */
  pictures?: Pictures | null;
}

export interface LearnedModel {
  vectors: Float32Array;
  basis: ItemBasis;
  itemMean: Float32Array;
  /** Saves of each item. */
  popularity: Uint32Array;
  neighbours: Neighbours;
  findings: Findings;
}

/** Items of one call of `neighbours`: about 15 ms. */
const itemsPerNeighbourSlice = 256;

export class Training {
  readonly #saves: Saves;
  readonly #pictures: Pictures | null;
  readonly #settings: TrainingSettings;
  readonly #heldOut: Int32Array;
  readonly #kernels: Kernels;
  #ials: Ials;
  #byUser: Saves;
  #byItem: Saves;
  #stage: Stage = "learn";
  #epoch = 0;
  #side: Side = "users";
  #row = 0;
  #findings: Findings | null = null;
  #validation: Validation | null = null;
  #search: NeighbourSearch | null = null;
  #searched = 0;

  constructor(module: WebAssembly.Module, { saves, pictures = null }: Lessons, settings: TrainingSettings) {
    this.#kernels = new Kernels(module);
    this.#saves = saves;
    this.#pictures = pictures;
    this.#settings = settings;
    this.#heldOut = drawValidation(saves, settings);
    const laid = this.#layOut(without(saves, this.#heldOut));
    this.#ials = laid.ials;
    this.#byUser = laid.byUser;
    this.#byItem = laid.byItem;
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** Bytes of the kernels' memory, which only grows. */
  get kernelBytes(): number {
    return this.#kernels.byteLength;
  }

  /** The next slice. Does nothing once the stage is `done`. */
  advance(): TrainingProgress {
    const { stage, epoch } = { stage: this.#stage, epoch: this.#epoch };
    if (stage === "learn") this.#advanceEpochs(this.#settings.epochs, "validate");
    else if (stage === "validate") this.#validate();
    else if (stage === "refit") this.#advanceEpochs(this.#settings.refitEpochs, "neighbours");
    else if (stage === "neighbours") this.#findNeighbours();
    return { stage, epoch, isMilestone: this.#stage !== stage || this.#epoch !== epoch };
  }

  checkpoint(): Uint8Array {
    const isLearning = this.#stage === "learn" || this.#stage === "refit";
    const isBetween = this.#row === 0 && this.#side === "users";
    return encodeCheckpoint({
      fingerprint: this.#fingerprint(),
      stage: this.#stage,
      epoch: this.#epoch,
      side: this.#side,
      row: this.#row,
      findings: this.#findings,
      items: this.#ials.factors("items"),
      users: isBetween ? new Float32Array() : this.#ials.factors("users"),
      basis: isBetween && isLearning ? new Float64Array() : this.#ials.basis(),
    });
  }

  /** Goes on from a checkpoint of a training with the same saves and settings. */
  restore(bytes: Uint8Array): void {
    const { fingerprint, stage, epoch, side, row, items, users, basis, findings: found } = decodeCheckpoint(bytes);
    if (fingerprint !== this.#fingerprint()) {
      throw new CheckpointError("The checkpoint belongs to a training with other saves or settings.");
    }
    if (stage === "refit" || stage === "neighbours" || stage === "done") this.#takeAllSaves();
    // Neighbours take half a second and megabytes: they are found again instead of being stored.
    this.#stage = stage === "done" ? "neighbours" : stage;
    this.#epoch = epoch;
    this.#side = side;
    this.#row = row;
    this.#findings = findings.nullable().parse(found);
    this.#ials.factors("items").set(items);
    this.#ials.factors("users").set(users);
    if (basis.length > 0) this.#ials.restoreBasis(basis);
  }

  /** Scores as serving will, with what was learned. Throws before the stage is `done`. */
  catalogue(): Catalogue {
    if (this.#stage !== "done" || !this.#search) throw new Error("The training is not done yet.");
    return new Catalogue({
      kernels: this.#kernels,
      vectors: this.#ials.items.factors,
      basis: this.#itemBasis(),
      neighbours: this.#search.neighbours,
      popularity: countsOf(this.#byItem),
      pictures: this.#pictures,
    });
  }

  /** What was learned. Throws before the stage is `done`. */
  model(): LearnedModel {
    if (this.#stage !== "done" || !this.#search || !this.#findings) throw new Error("The training is not done yet.");
    const vectors = this.#ials.factors("items").slice();
    return {
      vectors,
      itemMean: meanRow(vectors, this.#saves.items, this.#settings.dimensions),
      basis: this.#itemBasis(),
      popularity: countsOf(this.#byItem),
      neighbours: this.#search.neighbours,
      findings: this.#findings,
    };
  }

  #advanceEpochs(epochs: number, next: Stage): void {
    const side = this.#side;
    if (this.#row === 0) this.#ials.orient(side === "users" ? "items" : "users");
    this.#ials.solve(side, this.#row, this.#row + this.#settings.sliceRows);
    this.#row += this.#settings.sliceRows;
    if (this.#row < this.#ials[side].count) return;
    this.#row = 0;
    this.#side = side === "users" ? "items" : "users";
    if (this.#side === "items") return;
    this.#epoch++;
    if (this.#epoch < epochs) return;
    this.#epoch = 0;
    this.#ials.orient("items");
    this.#stage = next;
  }

  #validate(): void {
    if (!this.#searchNeighbours() || !this.#search) return;
    this.#validation ??= new Validation({
      saves: this.#byUser,
      byItem: this.#byItem,
      heldOut: this.#heldOut,
      kernels: this.#kernels,
      vectors: this.#ials.items.factors,
      basis: this.#itemBasis(),
      neighbours: this.#search.neighbours,
      pictures: this.#pictures,
      settings: this.#settings,
    });
    const found = this.#validation.advance();
    if (!found) return;
    this.#findings = found;
    this.#validation = null;
    const items = this.#ials.factors("items").slice();
    this.#takeAllSaves();
    this.#ials.factors("items").set(items);
    this.#stage = "refit";
  }

  #findNeighbours(): void {
    if (this.#searchNeighbours()) this.#stage = "done";
  }

  /** A slice; true once all are found. */
  #searchNeighbours(): boolean {
    this.#search ??= new NeighbourSearch(
      this.#kernels,
      { byUser: this.#byUser, byItem: this.#byItem, placed: { byUser: this.#ials.users, byItem: this.#ials.items } },
      this.#settings,
    );
    if (this.#searched >= this.#saves.items) return true;
    this.#search.find(this.#searched, this.#searched + itemsPerNeighbourSlice);
    this.#searched += itemsPerNeighbourSlice;
    return false;
  }

  #fingerprint(): string {
    return fingerprintOf({ saves: this.#saves, pictures: this.#pictures }, this.#settings);
  }

  #itemBasis(): ItemBasis {
    const { regularisation, regularisationExponent, unobservedWeight } = this.#settings;
    const gramian = this.#ials.gramianDiagonal();
    return { gramian, items: this.#saves.items, regularisation, regularisationExponent, unobservedWeight };
  }

  #takeAllSaves(): void {
    this.#search = null;
    this.#searched = 0;
    const laid = this.#layOut(this.#saves);
    this.#ials = laid.ials;
    this.#byUser = laid.byUser;
    this.#byItem = laid.byItem;
  }

  #layOut(byUser: Saves): { ials: Ials; byUser: Saves; byItem: Saves } {
    this.#kernels.release();
    const byItem = transposed(byUser);
    const ials = new Ials(this.#kernels, { byUser, byItem }, ialsSettingsOf(this.#settings));
    return { ials, byUser, byItem };
  }
}

export function ialsSettingsOf(settings: TrainingSettings): IalsSettings {
  const { dimensions, regularisation, unobservedWeight, regularisationExponent, initialDeviation, seed } = settings;
  return { dimensions, regularisation, unobservedWeight, regularisationExponent, initialDeviation, seed };
}
