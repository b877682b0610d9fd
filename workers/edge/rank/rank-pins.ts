/**
 * A caller's own candidates in the order that a user would like. Never fails for want of a dependency: what is late or
 * down is left out and named in `degraded`.
 */
import type { PinId, RankedPins, Region, UserId } from "@vitrine/contracts";
import { hashOfId, ownCandidateScorer } from "@vitrine/ranking";
import type { Services } from "../context.ts";
import { loadUserState, type UserState } from "../feed/user-state.ts";
import { loadPinFacts, type PinFacts } from "./pin-facts.ts";

/** Below every score: for pins of whom the user wants nothing (a blocked user's), and, further below, unknown ones. */
const unwantedPenalty = 1_000;
const unrankedScore = -10_000;

export interface RankRequest {
  pinIds: readonly PinId[];
  /** Null ranks by popularity. */
  userId: UserId | null;
  region: Region | null;
  limit: number | undefined;
}

export async function rankPins(services: Services, request: RankRequest): Promise<RankedPins> {
  const now = Date.now();
  const pinIds = [...new Set(request.pinIds)];
  const region = request.region ?? services.region;
  const state = await loadUserState(services, { userId: request.userId, region, now });
  const { model, withheld } = state;
  const { facts, isDegraded } = await loadPinFacts(services, pinIds, { model: model?.version ?? null, withheld, now });
  const degraded = [...state.degraded, ...(isDegraded ? ["pins"] : [])];

  const { items, unknownPins } = rank(pinIds, facts, { request, state });
  return { items: items.slice(0, request.limit), unknownPins, model: model?.version ?? null, degraded };
}

function rank(
  pinIds: readonly PinId[],
  facts: Map<PinId, PinFacts | null>,
  { request: { userId }, state }: { request: RankRequest; state: UserState },
): Pick<RankedPins, "items" | "unknownPins"> {
  const score = ownCandidateScorer(userId && state, state.model);
  const unknownPins: PinId[] = [];
  const items: RankedPins["items"] = [];
  pinIds.forEach((pinId, place) => {
    const pin = facts.get(pinId);
    if (pin === undefined) items.push({ pinId, score: unrankedScore - place });
    else if (pin === null || !isSeen(pin, userId)) unknownPins.push(pinId);
    else items.push({ pinId, score: score(pin) - (state.withheld.has(pin.userId) ? unwantedPenalty : 0) });
  });
  // At a tie a hash of the id decides: neither the place in the request nor the age of the pin says anything.
  items.sort((a, b) => b.score - a.score || hashOfId(a.pinId) - hashOfId(b.pinId));
  return { items, unknownPins };
}

function isSeen({ members }: PinFacts, userId: UserId | null): boolean {
  return members === null || (userId !== null && members.has(userId));
}
