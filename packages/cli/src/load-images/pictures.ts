/** Pictures for renditions that nobody has made yet: each pin of them has so many, in a fixed order. */
import { type PlannedPreset, presetNames } from "@vitrine/image";
import { drawPhotograph } from "../bench-images/pictures.ts";
import { followPins } from "../import/pending.ts";
import { eachOf } from "../import/pool.ts";
import type { Target } from "../measures/target.ts";
import { Refusal } from "../refusal.ts";

/** 1.9 megapixels, so that every preset scales down. */
const pictureSize = { width: 1600, height: 1200 };
const uploadsAtOnce = 4;

/** JPEG and WebP: what browsers are sent. AVIF takes an encoder ten times as long and has its own cost. */
const extensions = ["jpg", "webp"] as const;
/** Made when a picture is prepared, so asked for they are not unique. */
const preparedRenditions = new Set(["feed.webp", "thumbnail.webp"]);

export const uniqueRenditions: readonly string[] = presetNames
  .filter((preset): preset is PlannedPreset => preset !== "original")
  .flatMap((preset) => extensions.map((extension) => `${preset}.${extension}`))
  .filter((rendition) => !preparedRenditions.has(rendition));

/** How many pins `requests` unique renditions take. */
export function pinsFor(requests: number): number {
  return Math.ceil(requests / uniqueRenditions.length);
}

/** Uploads drawn pictures and waits until they are ready; answers their pins. */
export async function uploadPictures(target: Target, count: number): Promise<string[]> {
  const signal = new AbortController().signal;
  const pins: string[] = [];
  const failures: string[] = [];
  const onSettled = ({ failure }: { failure: string | null }) => void (failure && failures.push(failure));
  const pending = followPins({ service: target.service, signal, onSettled });
  await eachOf(Array(count).keys(), uploadsAtOnce, async (number) => {
    const file = await drawPhotograph({ ...pictureSize, seed: `load ${number}` });
    const response = await target.upload(new Uint8Array(file), `Load ${number}`, signal);
    if (!response.ok)
      throw new Refusal(`A drawn picture was refused with ${response.status}: ${await response.text()}`);
    const { id } = (await response.json()) as { id: string };
    pins[number] = id;
    pending.add(id, id);
  });
  const left = await pending.finish();
  if (left + failures.length === 0) return pins;
  throw new Refusal(`${left + failures.length} drawn pictures did not become ready: ${failures[0] ?? "no word"}`);
}

/**
 * Every rendition of every pin once. Neighbours differ in both, so that each stretch has the same mix of small and
 * large ones, and no pin comes twice in a row.
 */
export function* uniquePaths(pins: readonly string[]): Generator<string> {
  for (let round = 0; round < uniqueRenditions.length; round++) {
    for (const [number, pin] of pins.entries()) {
      yield `/i/${pin}/${uniqueRenditions[(number + round) % uniqueRenditions.length]}`;
    }
  }
}
