/** Makes fragments: for an interest with one query to the index and one to D1, for the others with D1 alone. */
import type { PinCard, Region } from "@vitrine/contracts";
import { type Codebook, type Fragment, type FragmentRequest, maxFragmentCandidates } from "@vitrine/ranking";
import { type CandidateRow, candidatesByIds, candidatesOf, freshCandidates, trendingPins } from "@vitrine/store";
import { dequantise } from "@vitrine/vectors";
import type { Services } from "../context.ts";
import { renditionPath } from "../pins.ts";
import type { Calls } from "./calls.ts";

export interface FragmentOrigin {
  services: Pick<Services, "databases" | "visualIndex">;
  region: Region;
  codebook: Codebook | null;
  calls: Calls;
}

export async function buildFragment(
  { source, id }: FragmentRequest,
  origin: FragmentOrigin,
  now: number,
): Promise<Fragment> {
  const rows = await rowsOf[source](id, origin, now);
  return {
    builtAt: now,
    candidates: rows.map((row, rank) => ({
      pin: cardOf(row),
      embedding: dequantise(row.embedding),
      createdAt: row.createdAt,
      saves: row.saves,
      reason: source,
      prior: 1 - rank / rows.length,
    })),
  };
}

const rowsOf = {
  async interest(id, { services: { databases, visualIndex }, codebook, calls }) {
    const centroid = codebook?.centroids[Number(id)];
    if (!centroid) return [];
    calls.index += 1;
    const { matches } = await visualIndex.query(centroid, { topK: maxFragmentCandidates });
    countD1(calls, databases);
    return candidatesByIds(
      databases,
      matches.map((match) => match.id as PinCard["id"]),
    );
  },
  async trending(_, { services: { databases }, region, calls }, now) {
    countD1(calls, databases);
    // Some of the pins may be secret or gone: half as many again fill the fragment all the same.
    const pinIds = await trendingPins(databases, region, { now, limit: maxFragmentCandidates * 1.5 });
    countD1(calls, databases);
    return (await candidatesByIds(databases, pinIds)).slice(0, maxFragmentCandidates);
  },
  async fresh(_, { services: { databases }, calls }) {
    countD1(calls, databases);
    return freshCandidates(databases, maxFragmentCandidates);
  },
  async followed(id, { services: { databases }, calls }) {
    calls.d1 += 1;
    return candidatesOf(databases, id as Parameters<typeof candidatesOf>[1], { limit: maxFragmentCandidates });
  },
} as const satisfies Record<
  FragmentRequest["source"],
  (id: string, origin: FragmentOrigin, now: number) => Promise<CandidateRow[]>
>;

function countD1(calls: Calls, databases: Services["databases"]): void {
  calls.d1 += databases.all().length;
}

function cardOf({ id, userId, boardId, title, category, width, height, colors, hasPicture }: CandidateRow): PinCard {
  const card = { id, userId, boardId, title, category, width, height, color: colors[0] ?? null };
  return { ...card, renditions: hasPicture ? renditionsOf(id) : null };
}

function renditionsOf(id: PinCard["id"]): PinCard["renditions"] {
  return {
    thumbnail: renditionPath(id, "thumbnail"),
    feed: renditionPath(id, "feed"),
    detail: renditionPath(id, "detail"),
    zoom: renditionPath(id, "zoom"),
  };
}
