/**
 * A page of the feed: the user's two memories → interests → fragments → filters, scorers, selector → page and cursor.
 *
 * Never fails for want of a dependency: what is late or down is left out and named in `degraded`. When the fragments of
 * this region are warm, it makes no call to the index and none to D1.
 */
import { type FeedItem, type FeedPage, type FeedSettings, Problem, type Region, type UserId } from "@vitrine/contracts";
import {
  affecting,
  blendingOf,
  type Codebook,
  composePage,
  cursorLifeMillis,
  decodeCursor,
  encodeCursor,
  type FeedContext,
  type FeedCursor,
  type FragmentRequest,
  feedPipeline,
  hashOfId,
  interestsOf,
  interestsPerWidening,
  interestsThereAre,
  interestsToOpen,
  type LoadedFragment,
  maxShownPins,
  nearestTasteInterests,
  planFragments,
  type ScoredCandidate,
} from "@vitrine/ranking";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { acceptedKeys } from "../signing.ts";
import type { Calls } from "./calls.ts";
import { loadCodebook } from "./codebook.ts";
import { cursorSigner } from "./cursor-signer.ts";
import { emergencyFragments, keepForEmergency } from "./emergency.ts";
import { experimentsOf, tellExposures } from "./experiments.ts";
import { loadFragments, makeBehind } from "./fragments.ts";
import { loadUserState, type UserState } from "./user-state.ts";

const codebookDeadlineMillis = 800;
/** Interests of the taste that a scroll can come to: beyond these, what is left means little to the user. */
const reachableTasteInterests = 40;
/** A page that is not full opens more interests this many times, then goes out short. */
const maxWidenings = 4;

export interface FeedRequest {
  userId: UserId | null;
  /** Null takes the cursor's region, else the caller's. */
  region: Region | null;
  limit: number;
  cursor: string | undefined;
}

export async function feedPage(services: Services, request: FeedRequest, calls: Calls): Promise<FeedPage> {
  const now = Date.now();
  const scroll = await openScroll(services, request, now);
  const { region } = scroll;
  const degraded: string[] = [];
  const [state, codebook, experiments] = await Promise.all([
    loadUserState(services, { userId: request.userId, region, now }, calls),
    withDeadline(loadCodebook(services), codebookDeadlineMillis, "The codebook").catch(() => {
      degraded.push("codebook");
      return null;
    }),
    experimentsOf(services, request.userId),
  ]);
  const { model } = state;
  degraded.push(...state.degraded, ...(experiments.isKnown ? [] : ["experiments"]));
  const { settings } = experiments;
  calls.userMillis = Date.now() - now;

  const origin = { services, region, codebook, model, settings, calls };
  const context = contextOf(scroll, { state, codebook, settings, now });
  const { picked, openInterests, hasMore, missing, behind } = await fillPage(context, origin, request.limit);
  makeBehind(behind, origin);
  degraded.push(...missing);

  const shown = [...scroll.shown, ...picked.map(({ candidate }) => candidate.hash)];
  const next = { ...scroll, page: scroll.page + 1, openInterests, shown };
  const cursor = hasMore && shown.length < maxShownPins ? await closeScroll(services, next, { now, degraded }) : null;
  const page = { missing, places: shown.length, isBlended: context.blending !== null };
  const assignments = picked.length > 0 ? affecting(experiments.assignments, page) : [];
  const variants = tellExposures(services, assignments, { userId: request.userId, region, now });
  return { items: picked.map(itemOf), cursor, region, degraded: [...new Set(degraded)], ...variants };
}

type Scroll = Omit<FeedCursor, "expiresAt">;

async function openScroll(services: Services, request: FeedRequest, now: number): Promise<Scroll> {
  const { userId, cursor } = request;
  const begun = { userId, region: request.region ?? services.region, page: 0, openInterests: 0, shown: [] };
  if (cursor === undefined) return begun;
  const { signingKey } = services.settings;
  if (!signingKey) throw new Problem("not-configured", "Set the secret SIGNING_KEY to scroll beyond the first page.");
  const signer = cursorSigner(signingKey, acceptedKeys(services.settings));
  const scroll = await decodeCursor(cursor, signer, { userId, now });
  if (request.region !== null && request.region !== scroll.region) {
    throw new Problem("invalid-request", "This cursor is of another region: ask for a first page there.");
  }
  return scroll;
}

async function closeScroll(
  { settings: { signingKey } }: Services,
  scroll: Scroll,
  { now, degraded }: { now: number; degraded: string[] },
): Promise<string | null> {
  if (signingKey) return encodeCursor({ ...scroll, expiresAt: now + cursorLifeMillis }, cursorSigner(signingKey));
  degraded.push("cursor");
  return null;
}

interface Known {
  state: UserState;
  codebook: Codebook | null;
  settings: FeedSettings;
  now: number;
}

function contextOf(scroll: Scroll, { state, codebook, settings, now }: Known): FeedContext {
  const { taste, model, collaborative } = state;
  const placed = collaborative && model ? { collaborative, model } : null;
  const blending = placed && blendingOf(placed.collaborative, placed.model);
  const known = { taste, blending, page: scroll.page };
  return {
    ...known,
    userId: scroll.userId,
    now,
    seed: hashOfId(`${scroll.userId}.${scroll.page}`),
    tasteInterests: placed
      ? nearestTasteInterests(placed.collaborative.vector, placed.model.interests, reachableTasteInterests)
      : [],
    tasteInterestCount: placed?.model.interests.length ?? 0,
    lastSaves: placed?.collaborative.lastSaves ?? [],
    interests: codebook ? interestsOf(taste, codebook) : [],
    openInterests: interestsToOpen(known, scroll.openInterests),
    follows: state.follows,
    exclusions: {
      shown: new Set(scroll.shown),
      known: state.known,
      recent: state.recent,
      withheld: state.withheld,
    },
    views: state.views,
    overexposed: state.overexposed,
    settings,
  };
}

interface FilledPage {
  picked: ScoredCandidate[];
  openInterests: number;
  hasMore: boolean;
  missing: Set<string>;
  /** Fragments that are to be made behind the answer. */
  behind: FragmentRequest[];
}

/** Composes the page, opening further interests while it is not full and there are any. */
async function fillPage(
  context: FeedContext,
  origin: Parameters<typeof loadFragments>[1],
  limit: number,
): Promise<FilledPage> {
  const size = Math.min(limit, maxShownPins - context.exclusions.shown.size);
  const fragments: LoadedFragment[] = [];
  const asked = new Set<string>();
  const missing = new Set<string>();
  const behind: FragmentRequest[] = [];
  let { openInterests } = context;
  for (let widenings = 0; ; widenings++) {
    const planned = planFragments(feedPipeline, { ...context, openInterests });
    const requests = planned.filter(({ source, id }) => !asked.has(`${source} ${id}`));
    for (const { source, id } of requests) asked.add(`${source} ${id}`);
    const loaded = await loadFragments(requests, origin);
    behind.push(...loaded.behind);
    if (widenings === 0 && loaded.wasCold && !context.blending) behind.push(...nextInterests(context));
    fragments.push(...loaded.fragments);
    for (const source of loaded.missing) missing.add(source);
    const { page: picked, admitted } = composed(fragments, origin, { context, size });
    const isOpen = openInterests < interestsThereAre(context);
    const isLate = missing.has("interest") || missing.has("taste");
    const mayWiden = isOpen && !isLate && (widenings < maxWidenings || picked.length === 0);
    if (picked.length >= size || !mayWiden) {
      const hasMore = admitted > picked.length || (isOpen && picked.length > 0);
      return { picked, openInterests, hasMore, missing, behind };
    }
    openInterests += interestsPerWidening;
  }
}

/** The page; where the fragments have nothing for it, out of what was last good here. */
function composed(
  fragments: readonly LoadedFragment[],
  { region }: Parameters<typeof loadFragments>[1],
  asked: { context: FeedContext; size: number },
): ReturnType<typeof composePage> {
  const { now } = asked.context;
  keepForEmergency(region, fragments, now);
  const page = composePage(feedPipeline, fragments, asked);
  const isLeft = fragments.some(({ request }) => request.source === "trending" || request.source === "fresh");
  if (page.admitted >= asked.size || isLeft) return page;
  return composePage(feedPipeline, [...fragments, ...emergencyFragments(region, now)], asked);
}

/** Of a page that had to wait, the interests that come next: for the next page, and the next user. */
function nextInterests(context: FeedContext): FragmentRequest[] {
  const from = context.openInterests;
  const interests = context.interests.slice(from, from + interestsPerWidening);
  const requests = planFragments(feedPipeline, { ...context, interests, openInterests: interests.length });
  return requests.filter(({ source }) => source === "interest");
}

function itemOf({ candidate: { pin }, reason, because, score }: ScoredCandidate): FeedItem {
  const item = { pin, reason, score: Math.round(score * 10_000) / 10_000 };
  return reason === "neighbours" && because ? { ...item, because } : item;
}
