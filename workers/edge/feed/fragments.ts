/** Fragments through the tiers: isolate memory, the data centre, KV by region, and only then the index and D1. */
import { createMemoryTier, createReadThrough, type Windows } from "@vitrine/cache";
import {
  bytesOfFragment,
  type Candidate,
  decodeFragment,
  encodeFragment,
  type Fragment,
  type FragmentRequest,
} from "@vitrine/ranking";
import { createColoTier, createRegionTier } from "../adapters/tiers.ts";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { buildFragment, type FragmentOrigin } from "./build-fragment.ts";

/** Rank and shape of candidates: changing them leaves old fragments alone. */
const fragmentVersion = 1;
/** Experiments get fragments of their own; until there are any, all users are of one variant. */
const variant = "base";
/** An isolate has 128 MB for code, bodies and this: some 150 fragments. */
const maxMemoryBytes = 20 * 1024 * 1024;
/** A page waits for no fragment longer than this; the fragment goes on being made for the next one. */
const fragmentDeadlineMillis = 2_500;
/** Fresh and stale together: less than the hour that tombstones are kept, so a buried pin cannot come back. */
const maxAgeMillis = 50 * 60_000;

const freshMillis = {
  /** Interests change with the catalogue, slowly. */
  interest: 5 * 60_000,
  trending: 60_000,
  fresh: 30_000,
  followed: 60_000,
} as const satisfies Record<FragmentRequest["source"], number>;

/** Nothing there yet is told again soon: the first pins of a catalogue must not wait. */
const emptyWindows: Windows = { freshMillis: 5_000, staleMillis: 0 };

const memory = createMemoryTier<Fragment>({ maxBytes: maxMemoryBytes, bytesOf: bytesOfFragment });
const { read, readKept } = createReadThrough<Fragment>();

export interface LoadedFragments {
  candidates: Candidate[];
  /** Sources of which a fragment was late or failed. */
  missing: Set<FragmentRequest["source"]>;
  /** Whether any had to be made. */
  wasCold: boolean;
}

type Origin = FragmentOrigin & { services: Services };

/**
 * Loads fragments side by side. While every essential one is kept in some tier, the others are left out where they are
 * not; once the page must wait anyway, all are made. Never fails: what does not come in time is named in `missing`.
 */
export async function loadFragments(
  requests: readonly FragmentRequest[],
  origin: Origin,
  essential: ReadonlySet<FragmentRequest> = new Set(requests),
): Promise<LoadedFragments> {
  const kept = await Promise.all(requests.map((request) => receive(request, origin, readKept)));
  const cold = requests.filter((_, i) => kept[i] === "cold");
  const wasCold = cold.some((request) => essential.has(request));
  const made = wasCold ? await Promise.all(cold.map((request) => receive(request, origin, read))) : [];
  const missing = [
    ...requests.filter((_, i) => kept[i] === "late"),
    ...(wasCold ? cold.filter((_, i) => made[i] === "late") : []),
  ];
  return {
    candidates: [...kept, ...made].flatMap((part) => (typeof part === "string" ? [] : part.candidates)),
    missing: new Set(missing.map(({ source }) => source)),
    wasCold,
  };
}

async function receive(
  request: FragmentRequest,
  origin: Origin,
  readIt: typeof readKept,
): Promise<Fragment | "cold" | "late"> {
  const { services, calls } = origin;
  const reading = readIt(keyOf(request, origin), {
    tiers: [memory, createColoTier(services.colo, stored), createRegionTier(services.kv, stored)],
    make: () => buildFragment(request, origin, Date.now()),
    windowsOf: ({ candidates }) => (candidates.length === 0 ? emptyWindows : windowsOf(request)),
    now: Date.now,
    defer: services.waitUntil,
  });
  services.waitUntil(reading.catch(() => undefined)); // late ones still come to be, for the next page
  try {
    const answer = await withDeadline(reading, fragmentDeadlineMillis, "A fragment");
    if (!answer) return "cold";
    calls.fragments.set(answer.tier, (calls.fragments.get(answer.tier) ?? 0) + 1);
    return answer.value;
  } catch (error) {
    console.warn(`fragment ${request.source} ${request.id} is left out: ${error}`);
    calls.fragments.set("late", (calls.fragments.get("late") ?? 0) + 1);
    return "late";
  }
}

const stored = { codec: { encode: encodeFragment, decode: decodeFragment }, keepSeconds: maxAgeMillis / 1000 };

function windowsOf({ source }: FragmentRequest): Windows {
  return { freshMillis: freshMillis[source], staleMillis: maxAgeMillis - freshMillis[source] };
}

/** An interest means nothing without its codebook, so that is part of its key. */
function keyOf({ source, id }: FragmentRequest, { region, codebook }: FragmentOrigin): string {
  const scope = source === "interest" ? `${codebook?.version}.${id}` : id;
  return `fragment:${fragmentVersion}:${region}:${variant}:${source}:${scope}`;
}
