/** Makes renditions: original → probe → plan → admission → pixels → renditions bucket. */
import { createSingleFlight } from "@vitrine/cache";
import { type PreparedPicture, Problem, type RenditionPlan } from "@vitrine/contracts";
import {
  type MadePicture,
  makePicture,
  type PicturePlan,
  pictureLimits,
  planPicture,
  probePicture,
  renditionEtag,
  renditionKey,
  type Timings,
} from "@vitrine/image";
import type { Codecs } from "@vitrine/image/codecs";
import type { Admission, Load } from "./admission.ts";
import { type OpenOriginal, openOriginal } from "./original.ts";
import type { Refusals } from "./refusals.ts";

/** What making needs from outside. */
export interface Surroundings {
  originals: Pick<R2Bucket, "get">;
  renditions: Pick<R2Bucket, "get" | "put" | "head">;
  codecs: Codecs;
  admission: Admission;
  refusals: Refusals;
  /** Milliseconds; stands still during work in production, so that stages are only told locally. */
  now(): number;
}

export interface Rendition {
  bytes: Uint8Array;
  timings: Timings;
}

/** What was made is held until it is in the bucket: renditions of at most 2 MP seldom reach 1 MB. */
const heldForResultsBytes = 1_000_000;

const flights = createSingleFlight<Rendition>();

/** Makes and keeps one rendition; callers that ask for the same at the same time share one making. */
export function renderOnce(hash: string, plan: RenditionPlan, around: Surroundings): Promise<Rendition> {
  const key = renditionKey(hash, plan);
  return flights(key, async () => {
    const { renditions, timings } = await make(hash, { plans: [plan] }, around);
    const [bytes] = renditions;
    if (!bytes) throw new Error(`no rendition was made for ${key}`);
    // Before the answer: who asks right after it is to find the rendition kept, not to make it again.
    await keep(hash, plan, { bytes, bucket: around.renditions });
    return { bytes, timings };
  });
}

/** Decodes once for all plans that are not kept yet and for the raster. */
export async function prepare(
  hash: string,
  { plans, rasterSide }: { plans: readonly RenditionPlan[]; rasterSide: number },
  around: Surroundings,
): Promise<PreparedPicture> {
  const kept = await Promise.all(plans.map((plan) => around.renditions.head(renditionKey(hash, plan))));
  const missing = plans.filter((_, i) => !kept[i]);
  const { renditions, raster, probe } = await make(hash, { plans: missing, rasterSide }, around);
  await Promise.all(
    missing.map((plan, i) => {
      const bytes = renditions[i];
      return bytes && keep(hash, plan, { bytes, bucket: around.renditions });
    }),
  );
  if (!raster) throw new Error("no raster was made");
  return { width: probe.width, height: probe.height, raster };
}

interface Wanted {
  plans: readonly RenditionPlan[];
  rasterSide?: number;
}

async function make(
  hash: string,
  { plans, rasterSide }: Wanted,
  around: Surroundings,
): Promise<MadePicture & Pick<PicturePlan, "probe">> {
  around.refusals.assertNotRefused(hash, around.now());
  const file = await around.originals.get(hash);
  if (!file) throw new Problem("not-found", "The original of this picture is gone: send the picture again.");
  let original: OpenOriginal | undefined;
  let release: (() => void) | undefined;
  try {
    original = await openOriginal(file);
    const { probe } = original;
    release = await around.admission.admit(loadOf(probe && planPicture(probe, plans, rasterSide), file.size));
    const bytes = await original.read();
    // Once more from the whole file: EXIF may stand behind the pixels, and long headers were not seen.
    const plan = planPicture(probePicture(bytes), plans, rasterSide);
    return { ...makePicture(bytes, plan, around), probe: plan.probe };
  } catch (error) {
    await original?.cancel();
    around.refusals.remember(hash, error, around.now());
    throw error;
  } finally {
    release?.();
  }
}

/** A picture whose header is not known yet may take everything, so it comes in alone. */
function loadOf(plan: PicturePlan | undefined, fileBytes: number): Load {
  const heldBytes = fileBytes + heldForResultsBytes;
  if (!plan) return { heldBytes, workBytes: pictureLimits.pictureBudgetBytes };
  return { heldBytes, workBytes: Math.max(0, plan.predictedBytes - fileBytes) };
}

async function keep(
  hash: string,
  plan: RenditionPlan,
  { bytes, bucket }: { bytes: Uint8Array; bucket: Pick<R2Bucket, "put"> },
) {
  await bucket.put(renditionKey(hash, plan), bytes, {
    httpMetadata: { contentType: `image/${plan.format}` },
    customMetadata: { etag: renditionEtag(hash, plan) },
  });
}
