/**
 * Fragments through the tiers: isolate memory, the data centre, KV by region, and only then the index and D1.
 *
 * A page waits for as little as it can. What is in memory is taken. What is not, and is only welcome, is fetched or made
 * behind the answer. A cold interest of the taste is answered for by a near one that is in memory. Only what is essential
 * and has nobody to stand in for it is waited for.
 */
import { createReadThrough, type Tier, type Windows } from "@vitrine/cache";
import {
  decodeFragment,
  encodeFragment,
  type Fragment,
  type FragmentRequest,
  fragmentVariantOf,
  type LoadedFragment,
} from "@vitrine/ranking";
import { createColoTier, createRegionTier } from "../adapters/tiers.ts";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { createGate, type Gate } from "../gate.ts";
import { buildFragment, type FragmentKind, type FragmentOrigin, kindOf, renditionsOf } from "./build-fragment.ts";
import { noCalls } from "./calls.ts";
import { createFragmentMemory } from "./fragment-memory.ts";

/** Rank and shape of candidates: changing them leaves old fragments alone. */
const fragmentVersion = 3;
/** An isolate has 128 MB for code, bodies and this: 10,000 pins, a fragment for each as a saved pin, and all interests. */
const maxMemoryBytes = 32 * 1024 * 1024;
/**
 * A page waits no longer than this for tiers that may hold a fragment (two of half a second), and then for its making; what
 * is late goes on being made for the next page. With the user's state a page takes 4 s at most, everything hanging.
 */
const deadlineMillis = { kept: 1_100, made: 1_900 } as const;
/** Then it is given up, so that the next reader may try again: one call that never ends must not end them all. */
const makeDeadlineMillis = 10_000;
/** Fresh and stale together: less than the hour that tombstones are kept, so a buried pin cannot come back. */
const maxAgeMillis = 50 * 60_000;
/** Behind one answer: users who come for the first time must not fill D1 and the index with what nobody waits for. */
const maxBehindAnswer = 4;
/** Of these, for a saved pin: 10,000 users have 20,000 last saves, and each costs two queries to D1. */
const maxNeighboursBehindAnswer = 1;

const freshMillis = {
  /** Interests change with the catalogue, slowly, and neighbours with the model alone. */
  taste: 10 * 60_000,
  neighbours: 40 * 60_000,
  interest: 5 * 60_000,
  trending: 60_000,
  fresh: 30_000,
  followed: 60_000,
} as const satisfies Record<FragmentKind, number>;

/** Nothing there yet is told again soon: the first pins of a catalogue must not wait. */
const emptyWindows: Windows = { freshMillis: 5_000, staleMillis: 0 };

/** Made side by side in an isolate, of each source: one whose dependency hangs does not keep the others from theirs. */
const maxMakingPerSource = 12;
const making = new Map<FragmentRequest["source"], Gate>();

const memory = createFragmentMemory(maxMemoryBytes);
const { read, readKept } = createReadThrough<Fragment>();

export interface LoadedFragments {
  fragments: LoadedFragment[];
  /** Sources of which a fragment was late or failed. */
  missing: Set<FragmentRequest["source"]>;
  /** Whether any had to be made. */
  wasCold: boolean;
  /** What the page did without: for `makeBehind`, once there is an answer. */
  behind: FragmentRequest[];
}

type Origin = FragmentOrigin & { services: Services };

/** Loads fragments side by side. Never fails: what does not come in time is named in `missing`. */
export async function loadFragments(requests: readonly FragmentRequest[], origin: Origin): Promise<LoadedFragments> {
  const { inMemory, awaited, behind } = sortOut(requests, origin);
  const receiveAll = (wanted: readonly FragmentRequest[], how: keyof typeof deadlineMillis) =>
    Promise.all(wanted.map(async (request) => ({ request, part: await receive(request, origin, how) })));
  const parts = await receiveAll([...inMemory, ...awaited], "kept");
  const cold = parts.filter(({ part }) => part === "cold").map(({ request }) => request);
  // Once a page must wait for one anyway, it waits for all.
  const wasCold = cold.some(({ need }) => need === "essential");
  if (wasCold) parts.push(...(await receiveAll(cold, "made")));
  return {
    fragments: parts.flatMap(({ request, part }) =>
      typeof part === "string" ? [] : [{ request, candidates: part.candidates }],
    ),
    missing: new Set(parts.flatMap(({ request, part }) => (part === "late" ? [request.source] : []))),
    wasCold,
    behind,
  };
}

interface Sorted {
  inMemory: FragmentRequest[];
  awaited: FragmentRequest[];
  behind: FragmentRequest[];
}

function sortOut(requests: readonly FragmentRequest[], origin: Origin): Sorted {
  const isInMemory = (request: FragmentRequest) => {
    const entry = memory.peek(keyOf(request, origin));
    if (!entry) return false;
    const windows = windowsOf(request, entry.value);
    return Date.now() - entry.madeAt <= windows.freshMillis + windows.staleMillis;
  };
  const wanted = requests.filter(({ need }) => need !== "spare");
  const inMemory = wanted.filter(isInMemory);
  const others = wanted.filter((request) => !inMemory.includes(request));
  const coldTaste = others.filter(({ source }) => source === "taste");
  const spares =
    coldTaste.length > 0 ? requests.filter((request) => request.need === "spare" && isInMemory(request)) : [];
  const standIns = spares.slice(0, coldTaste.length);
  const isTasteWarm = standIns.length > 0 || inMemory.some(({ source }) => source === "taste");
  // Interests by sight are looked for in the other tiers also where they are light: half of a taste is little.
  const isAwaited = ({ source, need }: FragmentRequest) =>
    source === "taste" ? need === "essential" && !isTasteWarm : need === "essential" || source === "interest";
  return {
    inMemory: [...inMemory, ...standIns],
    awaited: others.filter(isAwaited),
    behind: others.filter((request) => !isAwaited(request)),
  };
}

/**
 * Fetches or makes what nobody waits for, one after the other and after the answer, which would wait for the processor; the
 * next page finds it in memory.
 */
export function makeBehind(requests: readonly FragmentRequest[], origin: Origin): void {
  const neighbours = requests.filter(({ source }) => source === "neighbours").slice(0, maxNeighboursBehindAnswer);
  const others = requests.filter(({ source }) => source !== "neighbours");
  const chosen = [...others, ...neighbours].slice(0, maxBehindAnswer);
  if (chosen.length === 0) return;
  origin.calls.behind += chosen.length;
  const make = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const request of chosen) await receive(request, { ...origin, calls: noCalls() }, "made");
  };
  origin.services.waitUntil(make());
}

class BusyError extends Error {
  override readonly name = "BusyError";
}

/** Fails while the isolate makes as many of the source as it may. */
async function make(request: FragmentRequest, origin: Origin): Promise<Fragment> {
  const { source } = request;
  const gate = making.get(source) ?? createGate(maxMakingPerSource);
  making.set(source, gate);
  const made = gate.enter(() =>
    withDeadline(buildFragment(request, origin, Date.now()), makeDeadlineMillis, "Making a fragment"),
  );
  if (!made) throw new BusyError("enough others of the source are being made");
  return made;
}

async function receive(
  request: FragmentRequest,
  origin: Origin,
  how: keyof typeof deadlineMillis,
): Promise<Fragment | "cold" | "late"> {
  const { services, calls } = origin;
  const atHand = freshInMemory(request, origin);
  if (atHand) {
    calls.fragments.set(memory.name, (calls.fragments.get(memory.name) ?? 0) + 1);
    return atHand;
  }
  const reading = (how === "kept" ? readKept : read)(keyOf(request, origin), {
    tiers: tiersOf(request, services),
    make: () => make(request, origin),
    windowsOf: (fragment) => windowsOf(request, fragment),
    now: Date.now,
    defer: services.waitUntil,
  });
  services.waitUntil(reading.catch(() => undefined)); // late ones still come to be, for the next page
  try {
    const answer = await withDeadline(reading, deadlineMillis[how], "A fragment");
    if (!answer) return "cold";
    calls.fragments.set(answer.tier, (calls.fragments.get(answer.tier) ?? 0) + 1);
    return answer.value;
  } catch (error) {
    // Under load every page meets this; the page says it, and a line for each would say nothing more.
    if (!(error instanceof BusyError)) {
      console.warn(`fragment ${request.source} ${request.id} is left out: ${error}`);
    }
    calls.fragments.set("late", (calls.fragments.get("late") ?? 0) + 1);
    return "late";
  }
}

/** A fragment for each saved pin would be most of all writes to KV, and costs one query to make. */
function tiersOf({ source }: FragmentRequest, { colo, kv }: Services): Tier<Fragment>[] {
  const near = [memory, createColoTier(colo, stored)];
  return source === "neighbours" ? near : [...near, createRegionTier(kv, stored)];
}

/** Most are this: without a deadline, which is a timer, and promises that nothing would wait for. */
function freshInMemory(request: FragmentRequest, origin: FragmentOrigin): Fragment | null {
  const entry = memory.take(keyOf(request, origin));
  return entry && Date.now() - entry.madeAt <= windowsOf(request, entry.value).freshMillis ? entry.value : null;
}

const stored = {
  codec: { encode: encodeFragment, decode: (bytes: Uint8Array) => decodeFragment(bytes, { renditionsOf }) },
  keepSeconds: maxAgeMillis / 1000,
};

function windowsOf(request: FragmentRequest, { candidates }: Fragment): Windows {
  if (candidates.length === 0) return emptyWindows;
  const fresh = freshMillis[kindOf(request)];
  return { freshMillis: fresh, staleMillis: maxAgeMillis - fresh };
}

/**
 * Numbers of a pin belong to a model, and an interest of the eye means nothing without its codebook. Users of an
 * experiment share the fragments that it does not change.
 */
function keyOf(request: FragmentRequest, { region, codebook, model, settings }: FragmentOrigin): string {
  const variant = fragmentVariantOf(request.source, settings);
  const kind = kindOf(request);
  const scope = kind === "interest" ? `${codebook?.version}.${request.id}` : request.id;
  return `fragment:${fragmentVersion}:${region}:${variant}:${model?.version ?? "none"}:${kind}:${scope}`;
}
