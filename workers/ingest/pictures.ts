/**
 * Makes provisional pins ready: fetch (by URL) → renditions and a raster → features → vectors → rows. Each stage leaves
 * only what a repetition would leave as well, and a pin becomes ready by the last write of all, so a message may be
 * interrupted anywhere and delivered any number of times.
 *
 * The pins of a batch share one query, one upsert and one transaction. The work between is bounded, since all decoding
 * is done by one isolate of 128 MB.
 */
import { type PictureMessage, PinId } from "@vitrine/contracts";
import { failPictures, finishPictures, type PinPicture, picturesOf } from "@vitrine/store";
import type { VectorMetadata } from "@vitrine/vectors";
import { inParallel, within } from "./bounded.ts";
import { exhaustedFailure, retryDelaySeconds, type Setback, setbackOf } from "./outcomes.ts";
import { type FeaturedPin, featuresOfBatch } from "./picture-features.ts";
import type { IngestServices } from "./services.ts";

/** One decoding while another picture is read or written; more only wait for the same isolate. */
const picturesAtATime = 3;

/** A batch's rows and vectors take milliseconds; D1 itself gives up after 30 s. */
const storesTimeoutMillis = 30_000;

type Outcome = { pinId: PinId } & ({ featured: FeaturedPin | undefined } | { setback: Setback });

/** Handles a batch of `vitrine-pictures`: each message is acknowledged or retried for itself. */
export async function handlePictures(batch: MessageBatch<PictureMessage>, services: IngestServices): Promise<void> {
  const messages = messagesByPin(batch);
  try {
    const asked = picturesOf(services.databases, [...messages.keys()]);
    const pins = await within(storesTimeoutMillis, "asking for pins", asked);
    const waiting = [...pins.values()].filter(({ pin }) => pin.status !== "ready");
    const outcomes = await inParallel(waiting, picturesAtATime, attempt(services));
    await within(storesTimeoutMillis, "keeping what was found", settle(outcomes, services));
    const again = new Set(outcomes.filter(isRetried).map(({ pinId }) => pinId));
    for (const [pinId, theirs] of messages) for (const message of theirs) finish(message, again.has(pinId));
  } catch (error) {
    console.error("a batch of pictures is tried again", error);
    for (const message of [...messages.values()].flat()) finish(message, true);
  }
}

/** Handles a batch of `vitrine-pictures-dead`: what was tried as often as the queue allows is told as failed. */
export async function handleDeadPictures(batch: MessageBatch<PictureMessage>, services: IngestServices): Promise<void> {
  const failures = [...messagesByPin(batch).keys()].map((pinId) => ({ pinId, failure: exhaustedFailure }));
  await failPictures(services.databases, failures, services.now());
}

/** One entry a pin, however often it was queued. Messages without the id of a pin are logged and done. */
function messagesByPin(batch: MessageBatch<PictureMessage>): Map<PinId, Message<PictureMessage>[]> {
  const byPin = new Map<PinId, Message<PictureMessage>[]>();
  for (const message of batch.messages) {
    const pinId = PinId.safeParse((message.body as Partial<PictureMessage> | null)?.pinId);
    if (!pinId.success) {
      console.error(`${batch.queue}: message ${message.id} names no pin`);
      message.ack();
      continue;
    }
    byPin.set(pinId.data, [...(byPin.get(pinId.data) ?? []), message]);
  }
  return byPin;
}

function attempt(services: IngestServices): (picture: PinPicture) => Promise<Outcome> {
  const featuresOf = featuresOfBatch(services);
  return async (picture) => {
    const pinId = picture.pin.id;
    try {
      return { pinId, featured: await featuresOf(picture) };
    } catch (error) {
      const setback = setbackOf(error);
      console.warn(`${pinId}: ${setback.isFinal ? "refused" : "to be tried again"}`, error);
      return { pinId, setback };
    }
  };
}

/** Writes what the batch found. Vectors come first: a ready pin has one. */
async function settle(outcomes: readonly Outcome[], { databases, visualIndex, now }: IngestServices): Promise<void> {
  const featured = outcomes.flatMap((outcome) => ("featured" in outcome && outcome.featured ? [outcome.featured] : []));
  const failures = outcomes.flatMap((outcome) =>
    "setback" in outcome && outcome.setback.isFinal
      ? [{ pinId: outcome.pinId, failure: outcome.setback.sentence }]
      : [],
  );
  if (failures.length > 0) await failPictures(databases, failures, now());
  if (featured.length === 0) return;
  await visualIndex.upsert(
    featured.map(({ pin, embedding }) => ({ id: pin.id, values: embedding, metadata: metadataOf(pin) })),
  );
  const finished = featured.map(({ pin, original, features }) => {
    return { pinId: pin.id, originalHash: original.hash, features };
  });
  const existing = await finishPictures(databases, finished, now());
  const deleted = featured.map(({ pin }) => pin.id).filter((id) => !existing.has(id));
  if (deleted.length > 0) await visualIndex.deleteByIds(deleted);
}

function metadataOf({ category, createdAt }: PinPicture["pin"]): VectorMetadata {
  return category === null ? { createdAt } : { category, createdAt };
}

function isRetried(outcome: Outcome): boolean {
  return "setback" in outcome && !outcome.setback.isFinal;
}

function finish(message: Message<PictureMessage>, isRetried: boolean): void {
  if (isRetried) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  else message.ack();
}
