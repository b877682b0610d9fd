/** Makes fragments: for an interest with one query to an index and one to D1, for the others with D1 alone. */
import type { BoardId, FeedSettings, PinCard, PinId, Region, UserId } from "@vitrine/contracts";
import {
  type Candidate,
  type Codebook,
  type Fragment,
  type FragmentRequest,
  hashOfId,
  lengthOf,
  maxFragmentCandidates,
  readPinVector,
  type ServingModel,
} from "@vitrine/ranking";
import {
  type CandidateRow,
  candidatesAt,
  candidatesByIds,
  candidatesOf,
  freshCandidates,
  trendingPins,
} from "@vitrine/store";
import { dequantise } from "@vitrine/vectors";
import type { Services } from "../context.ts";
import { endingForAll } from "../deadline.ts";
import { renditionPath } from "../pins.ts";
import type { Calls } from "./calls.ts";
import { loadPinModels } from "./pin-models.ts";

export interface FragmentOrigin {
  services: Pick<Services, "databases" | "visualIndex" | "tasteIndex" | "waitUntil">;
  region: Region;
  codebook: Codebook | null;
  model: ServingModel | null;
  /** Of the user's experiments. */
  settings: FeedSettings;
  calls: Calls;
}

/** What a fragment is made of: exploring takes the same as the taste, for whom it is none. */
export type FragmentKind = Exclude<FragmentRequest["source"], "explore">;

export function kindOf({ source }: Pick<FragmentRequest, "source">): FragmentKind {
  return source === "explore" ? "taste" : source;
}

/** The strongest of a pin's neighbours; the taste finds what is farther. */
const neighboursOfPin = 50;

export async function buildFragment(request: FragmentRequest, origin: FragmentOrigin, now: number): Promise<Fragment> {
  const rows = await rowsOf[kindOf(request)](request.id, origin, now);
  return { builtAt: now, model: origin.model?.version ?? "", candidates: rows.map(candidateOf) };
}

const rowsOf = {
  async taste(id, { services: { databases, tasteIndex }, model, calls }) {
    const centre = model?.interests[Number(id)];
    if (!model || !centre) return [];
    calls.index += 1;
    const { matches } = await endingForAll(
      tasteIndex.query(centre, { topK: maxFragmentCandidates, namespace: model.version }),
      "The index",
    );
    countD1(calls, databases);
    const pinIds = matches.map((match) => match.id.slice(model.version.length + 1) as PinId);
    return candidatesByIds(databases, pinIds, model.version);
  },
  async neighbours(id, { services, model, calls }) {
    if (!model) return [];
    // Not through the data centre, which is to keep the fragment itself.
    const near = { ...services, colo: null, calls };
    const pin = (await loadPinModels(near, model.version, [id as PinId])).get(id as PinId);
    if (!pin) return [];
    const items = [...pin.neighbours.items.subarray(0, neighboursOfPin)];
    countD1(calls, services.databases);
    const rows = await candidatesAt(services.databases, model.version, items);
    return items.flatMap((item) => rows.get(item) ?? []);
  },
  async interest(id, { services: { databases, visualIndex }, codebook, model, calls }) {
    const centroid = codebook?.centroids[Number(id)];
    if (!centroid) return [];
    calls.index += 1;
    const { matches } = await endingForAll(visualIndex.query(centroid, { topK: maxFragmentCandidates }), "The index");
    countD1(calls, databases);
    const pinIds = matches.map((match) => match.id as PinId);
    return candidatesByIds(databases, pinIds, model?.version);
  },
  async trending(_, { services: { databases }, region, model, settings, calls }, now) {
    countD1(calls, databases);
    // Some of the pins may be secret or gone: half as many again fill the fragment all the same.
    const pinIds = await trendingPins(databases, region, {
      now,
      limit: maxFragmentCandidates * 1.5,
      halfLifeHours: settings.trendingHalfLifeHours,
    });
    countD1(calls, databases);
    return (await candidatesByIds(databases, pinIds, model?.version)).slice(0, maxFragmentCandidates);
  },
  async fresh(_, { services: { databases }, model, calls }) {
    countD1(calls, databases);
    return freshCandidates(databases, maxFragmentCandidates, model?.version);
  },
  async followed(id, { services: { databases }, model, calls }) {
    calls.d1 += 1;
    const followed = id as UserId | BoardId;
    return candidatesOf(databases, followed, { limit: maxFragmentCandidates, model: model?.version ?? null });
  },
} as const satisfies Record<FragmentKind, (id: string, origin: FragmentOrigin, now: number) => Promise<CandidateRow[]>>;

function countD1(calls: Calls, databases: Services["databases"]): void {
  calls.d1 += databases.all().length;
}

/** A pin as ranking takes it. */
export function candidateOf(row: CandidateRow): Candidate {
  const taste = row.vector === null ? null : readPinVector(row.vector);
  return {
    pin: cardOf(row),
    hash: hashOfId(row.id),
    embedding: dequantise(row.embedding),
    item: row.item,
    taste,
    tasteLength: taste ? lengthOf(taste) : 0,
    createdAt: row.createdAt,
    saves: row.saves,
  };
}

export function cardOf({
  id,
  userId,
  boardId,
  title,
  category,
  width,
  height,
  colors,
  hasPicture,
}: CandidateRow): PinCard {
  const card = { id, userId, boardId, title, category, width, height, color: colors[0] ?? null };
  return { ...card, renditions: hasPicture ? renditionsOf(id) : null };
}

export function renditionsOf(id: PinId): PinCard["renditions"] {
  return {
    thumbnail: renditionPath(id, "thumbnail"),
    feed: renditionPath(id, "feed"),
    detail: renditionPath(id, "detail"),
    zoom: renditionPath(id, "zoom"),
  };
}
