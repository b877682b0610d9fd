/** Placeholders of an original: colo cache, renditions bucket, then a small raster from the images Worker. */
import { asProblem, type PictureDescription, Problem } from "@vitrine/contracts";
import {
  describePicture,
  type PlaceholderFormat,
  type PlaceholderRecord,
  pictureFormats,
  placeholderKey,
  placeholderSide,
} from "@vitrine/image";
import type { PictureFacts } from "@vitrine/store";
import { behindAnswer } from "../aftermath.ts";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { coloCopy, coloUrl } from "./colo.ts";

export interface FoundPlaceholder {
  record: PlaceholderRecord;
  /** A value of Server-Timing that names the tier. */
  timing: string;
}

/** As long as for a rendition: the same picture is decoded. */
const makingDeadlineMillis = 12_000;

/** The record of an original, kept like a rendition of it. Throws the Problems of the images Worker. */
export async function findPlaceholder(services: Services, originalHash: string): Promise<FoundPlaceholder> {
  const key = placeholderKey(originalHash);
  const cached = await services.colo.match(coloUrl(key)).catch(() => undefined);
  if (cached) return { record: await cached.json<PlaceholderRecord>(), timing: 'cache;desc="colo", hit' };
  const kept = await services.renditions.get(key).catch(() => null);
  const text = kept ? await kept.text() : JSON.stringify(await make(services, originalHash));
  if (!kept) {
    const httpMetadata = { contentType: "application/json" };
    behindAnswer(services, "keeping a placeholder", services.renditions.put(key, text, { httpMetadata }));
  }
  behindAnswer(services, "caching a placeholder", services.colo.put(coloUrl(key), coloCopy(text, "application/json")));
  const timing = kept ? 'cache;desc="r2", hit' : 'cache;desc="origin", miss';
  return { record: JSON.parse(text) as PlaceholderRecord, timing };
}

async function make({ images, originals }: Services, originalHash: string): Promise<PlaceholderRecord> {
  const preparing = withDeadline(
    images.prepare({ originalHash, plans: [], rasterSide: placeholderSide }),
    makingDeadlineMillis,
    "The picture",
  );
  const [prepared, original] = await Promise.all([preparing, originals.head(originalHash)]).catch((cause) => {
    const unavailable = { cause, retryAfterSeconds: 2 };
    throw asProblem(cause) ?? new Problem("unavailable", "The picture cannot be read now: ask again.", unavailable);
  });
  const type = original?.httpMetadata?.contentType;
  const format = pictureFormats.find((each) => type === `image/${each}`) ?? null;
  return describePicture(prepared.raster, { width: prepared.width, height: prepared.height, format });
}

/** The record with what ingest knows of the picture, where it is one of a pin. */
export function descriptionOf(record: PlaceholderRecord, facts: PictureFacts | undefined): PictureDescription {
  const { averageColor, ...own } = record;
  const colors = facts && facts.colors.length > 0 ? facts.colors : [averageColor];
  return { ...own, colors, perceptualHash: facts?.perceptualHash ?? null };
}

/** Media type and text of a placeholder in one of its forms. */
export function placeholderBody(
  format: PlaceholderFormat,
  description: PictureDescription,
): { contentType: string; text: string } {
  if (format === "json") return { contentType: "application/json", text: JSON.stringify(description) };
  return { contentType: "text/plain; charset=utf-8", text: description[format] };
}
