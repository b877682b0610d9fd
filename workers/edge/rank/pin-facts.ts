/**
 * What ranking needs of pins, remembered in this isolate: a caller's hundred candidates cost one D1 query for those that
 * are not known here, and none when all are.
 *
 * A pin that was deleted or turned secret is answered from here for a minute at most; at once it is asked for anew where
 * the region's store has told of it.
 */
import { createMemoryTier, type Entry } from "@vitrine/cache";
import type { BoardId, PinId, UserId } from "@vitrine/contracts";
import { type OwnCandidate, readPinVector } from "@vitrine/ranking";
import { type RankFacts, rankFactsOf } from "@vitrine/store";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";

/** Saves and visibility are believed without asking for this long, … */
const freshMillis = 20_000;
/** … and for this long after while they are asked for behind the answer. */
const staleMillis = 40_000;
/** What is not there may be there soon. */
const unknownMillis = 2_000;
/** While the database is down nobody can change what it says. */
const withoutDatabaseMillis = 10 * 60_000;
const databaseDeadlineMillis = 1_500;
/** Some 16,000 pins. */
const maxBytes = 12 * 1024 * 1024;
/** The vector, the embedding and the objects around them. */
const bytesAPin = 750;
const bytesOfUnknown = 100;
/** Pins that one query behind an answer asks for anew. */
const maxRenewals = 1_000;

export interface PinFacts extends OwnCandidate {
  userId: UserId;
  boardId: BoardId;
  /** Who sees the pin of a secret board; null for a public one. */
  members: ReadonlySet<UserId> | null;
}

export interface FactsRequest {
  /** Version of the model that vectors are asked of; null for none. */
  model: string | null;
  /** Pins and boards that the region's store says are deleted or turned secret. */
  withheld: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now: number;
}

export interface LoadedFacts {
  /** Null for a pin that does not exist; absent when the database could not be asked. */
  facts: Map<PinId, PinFacts | null>;
  /** Some had to be left out, or are older than a minute. */
  isDegraded: boolean;
}

type Kept = Entry<PinFacts | null>;

const memory = createMemoryTier<PinFacts | null>({
  maxBytes,
  bytesOf: (facts) => (facts ? bytesAPin : bytesOfUnknown),
});

export async function loadPinFacts(
  services: Pick<Services, "databases" | "waitUntil">,
  pinIds: readonly PinId[],
  request: FactsRequest,
): Promise<LoadedFacts> {
  const kept = new Map<PinId, Kept>();
  await Promise.all(
    pinIds.map(async (pinId) => {
      const entry = await memory.get(keyOf(request.model, pinId));
      if (entry) kept.set(pinId, entry);
    }),
  );
  const facts = new Map<PinId, PinFacts | null>();
  const missing: PinId[] = [];
  const stale: PinId[] = [];
  for (const pinId of pinIds) {
    const entry = kept.get(pinId);
    if (!entry || !isUsable(pinId, entry, request)) {
      missing.push(pinId);
      continue;
    }
    facts.set(pinId, entry.value);
    if (request.now - entry.madeAt > freshMillis) stale.push(pinId);
  }
  renewBehind(services, stale, request.model);
  if (missing.length === 0) return { facts, isDegraded: false };
  try {
    const asked = await ask(services, missing, request.model);
    for (const [pinId, value] of asked) facts.set(pinId, value);
    return { facts, isDegraded: false };
  } catch (error) {
    console.warn(`pins are left out of a ranking: ${error}`);
    for (const pinId of missing) {
      const entry = kept.get(pinId);
      const isKnown = entry && request.now - entry.madeAt <= withoutDatabaseMillis;
      if (isKnown && !isDoubtful(pinId, entry, request)) facts.set(pinId, entry.value);
    }
    return { facts, isDegraded: true };
  }
}

function isUsable(pinId: PinId, entry: Kept, request: FactsRequest): boolean {
  const life = entry.value ? freshMillis + staleMillis : unknownMillis;
  return request.now - entry.madeAt <= life && !isDoubtful(pinId, entry, request);
}

/** Public here, and out of the region's feeds: it was deleted or turned secret since. */
function isDoubtful(pinId: PinId, { value }: Kept, { withheld }: FactsRequest): boolean {
  return value !== null && value.members === null && (withheld.has(pinId) || withheld.has(value.boardId));
}

async function ask(
  { databases }: Pick<Services, "databases">,
  pinIds: readonly PinId[],
  model: string | null,
): Promise<Map<PinId, PinFacts | null>> {
  const madeAt = Date.now();
  const rows = await withDeadline(rankFactsOf(databases, pinIds, model), databaseDeadlineMillis, "The database");
  const answer = new Map<PinId, PinFacts | null>(pinIds.map((pinId) => [pinId, null]));
  for (const row of rows) answer.set(row.id, factsOf(row));
  await Promise.all([...answer].map(([pinId, value]) => memory.put(keyOf(model, pinId), { value, madeAt })));
  return answer;
}

function factsOf({ members, vector, ...row }: RankFacts): PinFacts {
  return {
    ...row,
    members: members && new Set(members),
    vector: vector === null ? null : readPinVector(vector),
  };
}

function keyOf(model: string | null, pinId: PinId): string {
  return `${model ?? ""} ${pinId}`;
}

/** Pins waiting to be asked for anew, and until when the one who asks is believed to be at it. */
const renewals = { due: new Map<string, { pinId: PinId; model: string | null }>(), busyUntil: 0 };

/**
 * One query at a time for the stale pins of all requests, instead of one a request: at a hundred requests a second of a
 * hundred pins each has two that are stale. What comes while it runs is in the next one.
 */
function renewBehind(
  services: Pick<Services, "databases" | "waitUntil">,
  stale: readonly PinId[],
  model: string | null,
): void {
  for (const pinId of stale) renewals.due.set(keyOf(model, pinId), { pinId, model });
  const now = Date.now();
  // A request that was cut off cannot say that it is done: after its deadline another takes over.
  if (renewals.due.size === 0 || now < renewals.busyUntil) return;
  renewals.busyUntil = now + databaseDeadlineMillis;
  const batch = [...renewals.due].slice(0, maxRenewals);
  for (const [key] of batch) renewals.due.delete(key);
  const byModel = Map.groupBy(batch, ([, due]) => due.model);
  const asking = [...byModel].map(([itsModel, dues]) =>
    ask(
      services,
      dues.map(([, { pinId }]) => pinId),
      itsModel,
    ),
  );
  services.waitUntil(
    Promise.allSettled(asking).then(() => {
      renewals.busyUntil = 0;
    }),
  );
}
