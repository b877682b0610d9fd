/**
 * What the training finds out on saves that it kept out: the blend's weights for users with few and with many known saves,
 * fitted on some users, and the metrics, measured on others.
 */
import type { BlendWeights } from "@vitrine/ranking";
import { seededSequence } from "@vitrine/vectors";
import { z } from "zod";
import { type Example, exampleOf } from "./blend/examples.ts";
import { fitBlend, scoreOfLikeness } from "./blend/fit.ts";
import { Catalogue, type CatalogueParts } from "./catalogue.ts";
import { Examination, knownSaves, negativesPerUser, usersSpread } from "./evaluate/protocols.ts";
import { countsOf, itemsOf, type Saves } from "./saves.ts";
import type { TrainingSettings } from "./settings.ts";
import { drawNegatives } from "./validation-items.ts";

const metrics = z.object({ users: z.number(), hitRateAt10: z.number(), ndcgAt10: z.number() });
const evaluation = z.object({ sampled: metrics, full: metrics, coverageAt10: z.number() });
export const findings = z.object({
  blend: z.array(
    z.object({
      fromActions: z.number(),
      weights: z.array(z.number()).readonly(),
      scoreOfLikeness: z.number().optional(),
    }),
  ),
  /** Of the blend; null where no user has enough saves to keep one out. */
  evaluation: evaluation.nullable(),
});
export type Findings = z.infer<typeof findings>;

/** Lengths of history for which weights are fitted: by how many saves users are known, and from how many it serves. */
const histories = [
  { known: 1, fromActions: 1 },
  { known: 3, fromActions: 2 },
  { known: 6, fromActions: 5 },
  { known: 10, fromActions: 8 },
  { known: Number.POSITIVE_INFINITY, fromActions: 16 },
] as const;
const usersPerSlice = 100;

export interface ValidationInput extends Omit<CatalogueParts, "popularity"> {
  /** Without the held-out items. */
  saves: Saves;
  byItem: Saves;
  /** One item a user, −1 for none. */
  heldOut: Int32Array;
  settings: TrainingSettings;
}

export class Validation {
  readonly #input: ValidationInput;
  readonly #catalogue: Catalogue;
  readonly #fitUsers: number[];
  readonly #measureUsers: number[];
  readonly #next: () => number;
  readonly #rough: Float32Array;
  readonly #blend: BlendWeights[] = [];
  #examples: Example[] = [];
  #at = 0;
  #examination: Examination | null = null;

  constructor(input: ValidationInput) {
    const { saves, byItem, heldOut, settings } = input;
    this.#input = input;
    this.#catalogue = new Catalogue({ ...input, popularity: countsOf(byItem) });
    this.#next = seededSequence(settings.seed + 1);
    this.#rough = new Float32Array(saves.items);
    const able = usersSpread(saves.users, saves.users).filter((user) => (heldOut[user] ?? -1) >= 0);
    const chosen = usersSpread(able.length, settings.validationUsers * 2).map((at) => able[at] ?? 0);
    this.#fitUsers = chosen.filter((_, at) => at % 2 === 0);
    this.#measureUsers = chosen.filter((_, at) => at % 2 === 1);
  }

  /** A slice; the findings after the last. */
  advance(): Findings | null {
    const history = histories[this.#blend.length];
    if (!history) return this.#measure();
    const { saves, heldOut } = this.#input;
    for (const user of this.#fitUsers.slice(this.#at, this.#at + usersPerSlice)) {
      const owned = itemsOf(saves, user);
      const told = Number.isFinite(history.known) ? knownSaves(owned, history.known, user) : owned;
      this.#examples.push(
        exampleOf(this.#catalogue.evidenceFor(told), {
          owned,
          target: heldOut[user] ?? 0,
          popularity: this.#catalogue.popularity,
          next: this.#next,
          rough: this.#rough,
        }),
      );
    }
    this.#at += usersPerSlice;
    if (this.#at < this.#fitUsers.length) return null;
    const weights = fitBlend(this.#examples);
    const ofLikeness = scoreOfLikeness(this.#examples, weights);
    const cold = ofLikeness === undefined ? {} : { scoreOfLikeness: ofLikeness };
    this.#blend.push({ fromActions: history.fromActions, weights, ...cold });
    this.#examples = [];
    this.#at = 0;
    return null;
  }

  #measure(): Findings | null {
    if (this.#measureUsers.length === 0) return { blend: this.#blend, evaluation: null };
    const { saves, heldOut } = this.#input;
    this.#examination ??= new Examination(
      { saves, items: heldOut, negativesOf: (user) => this.#negativesOf(user) },
      (told, scores) => this.#catalogue.score(told, scores, this.#blend),
    );
    for (const user of this.#measureUsers.slice(this.#at, this.#at + usersPerSlice)) this.#examination.ask(user);
    this.#at += usersPerSlice;
    if (this.#at < this.#measureUsers.length) return null;
    return { blend: this.#blend, evaluation: this.#examination.evaluation };
  }

  #negativesOf(user: number): Uint32Array {
    const { saves, heldOut } = this.#input;
    const taken = new Set([...itemsOf(saves, user), heldOut[user] ?? 0]);
    return drawNegatives(taken, saves.items, { count: negativesPerUser, next: this.#next });
  }
}
