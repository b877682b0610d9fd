/** The protocols of reference papers: one held-out item a user, among 99 given negatives or among all unsaved items. */
import { itemsOf, type Saves } from "../saves.ts";
import { bestOf, RankMeter, type RankMetrics, rankAmong } from "./metrics.ts";

/** Writes a score for every item, given what the user saved. */
export type ScoreItems = (saved: Uint32Array, scores: Float32Array) => void;

export interface HeldOut {
  /** Without the held-out items. */
  saves: Saves;
  /** One item a user. */
  items: ArrayLike<number>;
  /** 99 items that the user never saved. */
  negativesOf(user: number): ArrayLike<number>;
}

export interface Evaluation {
  sampled: RankMetrics;
  full: RankMetrics;
  /** Share of all items that are in somebody's first ten. */
  coverageAt10: number;
}

export const negativesPerUser = 99;

/** Both protocols for some users. `known`: only that many of a user's saves, drawn by `knownSaves`, are told. */
export function evaluate(
  heldOut: HeldOut,
  score: ScoreItems,
  { users, known }: { users: Iterable<number>; known?: number },
): Evaluation {
  const examination = new Examination(heldOut, score);
  for (const user of users) examination.ask(user, known);
  return examination.evaluation;
}

/** The same, a user at a time: about a millisecond each. */
export class Examination {
  readonly #heldOut: HeldOut;
  readonly #score: ScoreItems;
  readonly #sampled = new RankMeter();
  readonly #full = new RankMeter();
  readonly #shown = new Set<number>();
  readonly #scores: Float32Array;

  constructor(heldOut: HeldOut, score: ScoreItems) {
    this.#heldOut = heldOut;
    this.#score = score;
    this.#scores = new Float32Array(heldOut.saves.items);
  }

  ask(user: number, known?: number): void {
    const { saves, items } = this.#heldOut;
    const scores = this.#scores;
    const owned = itemsOf(saves, user);
    const target = items[user] ?? 0;
    this.#score(known === undefined ? owned : knownSaves(owned, known, user), scores);
    const own = scores[target] ?? Number.NaN;
    this.#sampled.add(
      rankAmong(
        own,
        Array.from(this.#heldOut.negativesOf(user), (item) => scores[item] ?? 0),
      ),
    );
    for (const item of owned) scores[item] = Number.NEGATIVE_INFINITY;
    this.#full.add(rankAmong(own, scores) - 1);
    for (const item of bestOf(scores, 10)) this.#shown.add(item);
  }

  /** Of the users that were asked. */
  get evaluation(): Evaluation {
    const coverageAt10 = this.#shown.size / this.#heldOut.saves.items;
    return { sampled: this.#sampled.metrics, full: this.#full.metrics, coverageAt10 };
  }
}

/** `count` of a user's saves, drawn evenly by the user's number: the same ones in every run. */
export function knownSaves(owned: Uint32Array, count: number, user: number): Uint32Array {
  const drawn = Uint32Array.from(owned);
  // Neighbouring users must not draw neighbouring places: the first state is spread by the golden ratio, and mixed.
  let state = Math.imul(user + 1, 0x9e3779b1) >>> 0;
  for (let k = 0; k < Math.min(count, drawn.length); k++) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 1_013_904_223) >>> 0;
    const at = k + Math.floor((state / 2 ** 32) * (drawn.length - k));
    const kept = drawn[at] ?? 0;
    drawn[at] = drawn[k] ?? 0;
    drawn[k] = kept;
  }
  return drawn.slice(0, count);
}

/** `count` users spread evenly over all. */
export function usersSpread(all: number, count: number): number[] {
  const chosen = Math.min(all, count);
  return Array.from({ length: chosen }, (_, k) => Math.floor((k * all) / chosen));
}
