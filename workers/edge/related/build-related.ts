/** Makes the related pins of a pin: walks in D1, the model's neighbours, and the visual index for what looks alike. */
import type { BoardId, FeedItem, PinId } from "@vitrine/contracts";
import {
  boosted,
  decodeNeighbours,
  fromBase64,
  meanShares,
  relatedScore,
  type ServingModel,
  sharesOf,
  spaced,
  type WalkShares,
} from "@vitrine/ranking";
import {
  type CandidateRow,
  type CoSave,
  candidatesByIds,
  coSavesOf,
  pinModelsOf,
  pinsAt,
  type RankFacts,
  rankFactsOf,
} from "@vitrine/store";
import { dequantise, dot, normalise } from "@vitrine/vectors";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { cardOf } from "../feed/build-fragment.ts";

export interface RelatedOrigin {
  pinId: PinId;
  /** Last pins of the board that the answer is for; empty without one. */
  context: readonly PinId[];
  boardId: BoardId | undefined;
  model: ServingModel | null;
}

export interface Related {
  /** Whether anybody may see the pin itself. */
  isPublic: boolean;
  items: Omit<FeedItem, "because">[];
  /** Sources that were late or down. */
  missing: string[];
}

const sourceDeadlineMillis = 1_200;
/** Of the pin itself and of each pin of the board: 200 boards find as much as all of them. */
const boardsOfPin = 200;
const boardsOfContextPin = 30;
/** The pin counts as much as three pins of the board. */
const pinWeight = 3;
/** Pins of the board that are walked from. */
const contextSeeds = 10;
/** With fewer pins found the walk goes a second step, from so many of the first and over so many boards each. */
const enoughFound = 100;
const secondSeeds = 10;
const boardsOfSecondSeed = 20;
/** The model learned from all saves: its word counts as that of so many boards at least. */
const boardsOfModel = 30;
/** Neighbours of a pin that take part: more are found by the walk. */
const neighboursOfSeed = 150;
const visualNeighbours = 50;
/** Kept for a page of 100 after blocked, hidden and known pins are taken out. */
const maxItems = 120;
const maxCandidates = 200;

export async function buildRelated(
  services: Pick<Services, "databases" | "visualIndex">,
  { pinId, context, model }: RelatedOrigin,
): Promise<Related> {
  const missing: string[] = [];
  const orMissing = async <T>(source: string, work: Promise<T>, nothing: T): Promise<T> => {
    try {
      return await withDeadline(work, sourceDeadlineMillis, source);
    } catch (error) {
      console.warn(`${source} is left out of related pins: ${error}`);
      missing.push(source);
      return nothing;
    }
  };
  const { databases } = services;
  const seeds = [pinId, ...context.filter((id) => id !== pinId).slice(0, contextSeeds)];
  const [facts, walked, learned] = await Promise.all([
    withDeadline(rankFactsOf(databases, [pinId, ...context], null), sourceDeadlineMillis, "The database"),
    orMissing("walk", walk(databases, seeds), { shares: new Map(), boards: 0 }),
    orMissing("neighbours", neighbours(databases, seeds, model), new Map()),
  ]);
  const own = facts.find(({ id }) => id === pinId);
  const origin = embeddingOf(own);
  const alike = origin.length === 0 ? [] : await orMissing("visual", lookalikes(services.visualIndex, origin), []);
  const coSaved = boosted(meanShares(walked.shares, learned), (seed) => (seed === pinId ? pinWeight : 1));
  const strongest = [...coSaved].toSorted((a, b) => b[1] - a[1]).slice(0, maxCandidates - visualNeighbours);
  const pinIds = new Set([...strongest.map(([id]) => id), ...alike]);
  pinIds.delete(pinId);
  const rows = await withDeadline(candidatesByIds(databases, [...pinIds]), sourceDeadlineMillis, "The database");

  const evidence = {
    origin,
    coSaved,
    boards: learned.size > 0 ? Math.max(walked.boards, boardsOfModel) : walked.boards,
    mean: meanOf(facts.filter(({ id }) => id !== pinId)),
  };
  const scored = rows.map((row) => scoredItem(row, evidence));
  const page = spaced(scored, { origin, size: maxItems });
  return {
    isPublic: own !== undefined && own.members === null,
    items: page.map(({ item }) => item),
    missing,
  };
}

interface Evidence {
  origin: Float32Array;
  coSaved: Map<PinId, number>;
  boards: number;
  mean: Float32Array;
}

function scoredItem(row: CandidateRow, { origin, coSaved, boards, mean }: Evidence) {
  const embedding = dequantise(row.embedding);
  const likeness = dot(embedding, origin);
  const { score, fromSaves } = relatedScore({
    coSaved: coSaved.get(row.id) ?? 0,
    boards,
    likeness,
    contextLikeness: dot(embedding, mean),
  });
  const reason = fromSaves > score / 2 ? ("neighbours" as const) : ("interest" as const);
  return { score, embedding, item: { pin: cardOf(row), reason, score } };
}

/** Shares of the walks from each seed; where the pin's own found little, a second step is in them. */
async function walk(
  databases: Services["databases"],
  [pinId, ...context]: readonly PinId[],
): Promise<{ shares: WalkShares<PinId>; boards: number }> {
  if (!pinId) return { shares: new Map(), boards: 0 };
  const visits = await coSavesOf(databases, [
    { pinId, boards: boardsOfPin },
    ...context.map((id) => ({ pinId: id, boards: boardsOfContextPin })),
  ]);
  const shares = sharesOf(visits);
  const boards = boardsOf(visits, pinId);
  const first = shares.get(pinId);
  if (!first || first.size >= enoughFound) return { shares, boards };
  const from = new Map([...first].toSorted((a, b) => b[1] - a[1]).slice(0, secondSeeds));
  const further = sharesOf(
    await coSavesOf(
      databases,
      [...from.keys()].map((id) => ({ pinId: id, boards: boardsOfSecondSeed })),
    ),
  );
  const second = new Map<PinId, number>();
  for (const [seed, found] of further) {
    for (const [id, share] of found) second.set(id, (second.get(id) ?? 0) + share * (from.get(seed) ?? 0));
  }
  return { shares: meanShares(shares, new Map([[pinId, second]])), boards };
}

function boardsOf(visits: readonly CoSave[], pinId: PinId): number {
  return visits.find(({ seed }) => seed === pinId)?.boards ?? 0;
}

async function neighbours(
  databases: Services["databases"],
  seeds: readonly PinId[],
  model: ServingModel | null,
): Promise<WalkShares<PinId>> {
  if (!model) return new Map();
  const rows = [...(await pinModelsOf(databases, model.version, seeds)).values()];
  const lists = rows.map((row) => ({ seed: row.pinId, list: decodeNeighbours(fromBase64(row.neighbours)) }));
  const items = new Set(lists.flatMap(({ list }) => [...list.items.subarray(0, neighboursOfSeed)]));
  const pinIds = await pinsAt(databases, model.version, [...items]);
  const shares: WalkShares<PinId> = new Map();
  for (const { seed, list } of lists) {
    const found = new Map<PinId, number>();
    list.items.subarray(0, neighboursOfSeed).forEach((item, i) => {
      const id = pinIds.get(item);
      if (id) found.set(id, list.weights[i] ?? 0);
    });
    shares.set(seed, found);
  }
  return meanShares(shares, new Map());
}

async function lookalikes(index: Services["visualIndex"], origin: Float32Array): Promise<PinId[]> {
  const { matches } = await index.query(origin, { topK: visualNeighbours });
  return matches.map(({ id }) => id as PinId);
}

function embeddingOf(facts: RankFacts | undefined): Float32Array {
  return dequantise(facts?.embedding ?? new Uint8Array(0));
}

/** Direction of the pictures' mean; empty without pictures. */
function meanOf(facts: readonly RankFacts[]): Float32Array {
  const pictured = facts.filter(({ embedding }) => embedding.length > 0).map(embeddingOf);
  const mean = new Float32Array(pictured[0]?.length ?? 0);
  for (const embedding of pictured) {
    for (let d = 0; d < mean.length; d++) mean[d] = (mean[d] ?? 0) + (embedding[d] ?? 0);
  }
  return normalise(mean);
}
