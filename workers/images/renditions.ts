/** Makes renditions: original → probe → plan → admission → pixels → renditions bucket. */
import { createSingleFlight } from "@vitrine/cache";
import { asProblem, type PreparedPicture, Problem, type RenditionPlan } from "@vitrine/contracts";
import {
  type DecidedPlan,
  heldForFilesBytes,
  lookAndDecide,
  type MadePicture,
  makePicture,
  pictureLimits,
  planPicture,
  probePicture,
  renditionEtag,
  renditionKey,
  type Timings,
} from "@vitrine/image";
import type { Codecs } from "@vitrine/image/codecs";
import type { Admission, Patience } from "./admission.ts";
import { type OpenOriginal, openOriginal } from "./original.ts";
import { overlaysOf } from "./overlays.ts";
import type { Refusals } from "./refusals.ts";

/** What making needs from outside. */
export interface Surroundings {
  originals: Pick<R2Bucket, "get">;
  renditions: Pick<R2Bucket, "get" | "put" | "head">;
  codecs: Codecs;
  admission: Admission;
  refusals: Refusals;
  /** When the request came, by the clock below. */
  arrivedAt: number;
  /** Milliseconds; stands still during work in production, so that stages are only told locally. */
  now(): number;
}

export interface Rendition {
  bytes: Uint8Array;
  timings: Timings;
  /** WASM memory that it took. */
  peakMemoryBytes: number;
}

const flights = createSingleFlight<Rendition>();

/** Makes and keeps one rendition; callers that ask for the same at the same time share one making. */
export function renderOnce(hash: string, plan: RenditionPlan, around: Surroundings): Promise<Rendition> {
  const key = renditionKey(hash, plan);
  return flights(key, async () => {
    const { renditions, timings, peakMemoryBytes } = await make(hash, { plans: [plan] }, around);
    const [bytes] = renditions;
    if (!bytes) throw new Error(`no rendition was made for ${key}`);
    // Before the answer: who asks right after it is to find the rendition kept, not to make it again.
    await keep(hash, plan, { bytes, bucket: around.renditions });
    return { bytes, timings, peakMemoryBytes };
  });
}

/** Reads the file once for all plans that are not kept yet and for the raster. */
export async function prepare(
  hash: string,
  { plans, rasterSide }: { plans: readonly RenditionPlan[]; rasterSide: number },
  around: Surroundings,
): Promise<PreparedPicture> {
  const kept = await Promise.all(plans.map((plan) => around.renditions.head(renditionKey(hash, plan))));
  const missing = plans.filter((_, i) => !kept[i]);
  const { renditions, raster, probe } = await make(
    hash,
    { plans: missing, rasterSide, patience: "background" },
    around,
  );
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
  patience?: Patience;
}

async function make(
  hash: string,
  wanted: Wanted,
  around: Surroundings,
): Promise<MadePicture & { probe: { width: number; height: number } }> {
  around.refusals.assertNotRefused(hash, around.now());
  const { rasterSide, patience = "visitor" } = wanted;
  const plans = await withOverlays(wanted.plans, around);
  const leave = around.admission.announce(patience, around.arrivedAt);
  let original: OpenOriginal | undefined;
  let release: (() => void) | undefined;
  try {
    const file = await around.originals.get(hash);
    if (!file) throw new Problem("not-found", "The original of this picture is gone: send the picture again.");
    original = await openOriginal(file);
    const { probe } = original;
    const planned = probe && planPicture(probe, plans, rasterSide);
    // A picture whose header is not known yet may take everything, so it comes in alone.
    const predictedBytes = planned?.predictedBytes ?? pictureLimits.pictureBudgetBytes;
    release = await around.admission.admit(predictedBytes + heldForFilesBytes, patience);
    around.codecs.makeRoom(around.admission.admittedBytes());
    if (planned && !planned.needsFile) {
      return { ...(await makePicture(original.stream(), planned, around)), probe: planned.probe };
    }
    const bytes = await original.read();
    // Once more from the whole file: EXIF may stand behind the pixels, and long headers were not seen.
    const whole = probePicture(bytes);
    const plan = planPicture(whole, await lookAndDecide(bytes, { probe: whole, plans }, around), rasterSide);
    return { ...(await makePicture(bytes, plan, around)), probe: plan.probe };
  } catch (error) {
    await original?.cancel();
    if (asProblem(error)?.code === "internal") console.error(`a rendition of ${hash} could not be made`, error);
    around.refusals.remember(hash, error, around.now());
    throw error;
  } finally {
    release?.();
    leave();
  }
}

async function withOverlays(plans: readonly RenditionPlan[], around: Surroundings): Promise<DecidedPlan[]> {
  const render = async (hash: string, plan: RenditionPlan) => {
    const kept = await around.renditions.get(renditionKey(hash, plan));
    return kept ? new Uint8Array(await kept.arrayBuffer()) : (await renderOnce(hash, plan, around)).bytes;
  };
  const decided = plans.map(async (plan) =>
    plan.draw ? { ...plan, overlays: await overlaysOf(plan, render, around) } : plan,
  );
  return Promise.all(decided);
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
