/**
 * `npx node packages/ranking/bench/user-taste.ts`: what a page pays for its user's place in the model, by the number of
 * saves in the embedding: its bytes, decoding with all that a page reads of it, and folding in one and ten new actions.
 * Medians of 300 runs in milliseconds, each on bytes of its own.
 */
import { newPinId, newUserId } from "@vitrine/contracts";
import { normalise, seededSequence } from "@vitrine/vectors";
import {
  collaborativeTasteOf,
  decodeUserEmbedding,
  encodeUserEmbedding,
  type LongTermTaste,
  longTermTasteOf,
  maxActionsPerTaste,
  maxKeptOwned,
  type TasteAction,
} from "../src/index.ts";

const dimensions = 128;
const neighboursPerPin = 300;
const runs = 300;
const random = seededSequence(1);
const creator = newUserId("creator", { now: 1, random: 0.5 });
const model = {
  version: "m0000000001",
  basis: {
    gramian: Float32Array.from({ length: dimensions }, (_, k) => 400 / (1 + k)),
    ...{ items: 9_836, regularisation: 0.003, regularisationExponent: 1, unobservedWeight: 0.01 },
  },
};
const hidden = new Set<number>();

for (const saves of [1, 9, 25, 32, 33, 122, maxActionsPerTaste]) {
  const actions = drawnActions(saves + 10);
  const [fresh, old] = [actions.slice(0, 10), actions.slice(10)];
  const making = median(20, () => longTermTasteOf(old, model));
  const bytes = bytesWith(longTermTasteOf(old, model), saves);
  const decoding = median(runs, () => {
    const embedding = decodeUserEmbedding(bytes.slice().buffer);
    return [embedding?.knownPins.size, embedding?.follows.length, embedding?.blocked, embedding?.collaborative?.walk];
  });
  const long = decodeUserEmbedding(bytes.buffer)?.collaborative ?? null;
  const [none, one, ten] = [0, 1, 10].map((count) =>
    median(runs, () => collaborativeTasteOf(long, { recent: fresh.slice(0, count), hidden }, model)),
  );
  const times = [`made ${making}`, `decoded ${decoding}`, `with none new ${none}`, `one ${one}`, `ten ${ten}`];
  console.log(`${String(saves).padStart(3)} saves: ${bytes.length} bytes, ${times.join(", ")}`);
}

function drawnActions(count: number): TasteAction[] {
  return Array.from({ length: count }, (_, item) => ({
    pinId: newPinId(creator, { now: item + 1, random: random() }),
    item,
    vector: Float32Array.from({ length: dimensions }, () => random() - 0.5),
    weight: 1,
    neighbours: {
      items: Uint32Array.from({ length: neighboursPerPin }, () => random() * 9_836),
      weights: Float32Array.from({ length: neighboursPerPin }, (_, i) => 1 / (1 + i)),
    },
    isSave: true,
  }));
}

function bytesWith(collaborative: LongTermTaste, saves: number): Uint8Array<ArrayBuffer> {
  const clusters = Array.from({ length: Math.min(8, Math.ceil(saves / 3)) }, () => ({
    embedding: normalise(Float32Array.from({ length: dimensions }, () => random() - 0.5)),
    weight: 1,
  }));
  const follows = Array.from({ length: 10 }, () => newUserId("other", { now: 1, random: random() }));
  const knownPins = new Set(Array.from({ length: saves }, () => random() * 2 ** 32));
  const owned = Array.from({ length: saves <= maxKeptOwned ? saves : 0 }, (_, i) => ({
    hash: i,
    embedding: new Uint8Array(dimensions),
    weight: 1,
  }));
  return encodeUserEmbedding({ through: 1, clusters, follows, blocked: [], knownPins, owned, collaborative });
}

function median(count: number, work: () => unknown): string {
  const millis = Array.from({ length: count }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return (millis.toSorted((a, b) => a - b)[count >> 1] ?? 0).toFixed(3);
}
