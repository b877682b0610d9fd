/** From a request for a pin to a kept pin: original to R2, then rows to D1, then word to the queue, in this order. */
import { assertPublicUrl, newPinId, type PinId, Problem, type UserId } from "@vitrine/contracts";
import { createPin, getCreationContext, type PinView } from "@vitrine/store";
import { recordActions } from "./activity.ts";
import { behindAnswer } from "./aftermath.ts";
import { boardNotFound } from "./boards.ts";
import type { Services } from "./context.ts";
import { withDeadline } from "./deadline.ts";
import { type PinRequest, readPicture, type UploadedPicture } from "./picture-upload.ts";

/** 30 MB to R2 take a few seconds on a bad day. */
const keepDeadlineMillis = 20_000;

/** A queue takes a message in milliseconds; without it the sweep takes the pin up later. */
const queueDeadlineMillis = 3_000;

/** Makes the pin, or answers the one that the same idempotency key made before. */
export async function makePin(
  services: Services,
  { userId, idempotencyKey, request }: { userId: UserId; idempotencyKey: string | null; request: PinRequest },
): Promise<{ pin: PinView; isNew: boolean }> {
  const { words, file } = request;
  const database = services.databases.forId(words.boardId);
  const context = await getCreationContext(database, { userId, boardId: words.boardId, idempotencyKey });
  if (context.previous === "deleted") {
    throw new Problem("gone", "The pin that this Idempotency-Key made was deleted; use a new key for a new pin.");
  }
  if (context.previous) return { pin: context.previous, isNew: false };
  if (!context.board) throw boardNotFound();
  if (!context.board.isMember) throw notMember();

  if (words.imageUrl) assertPublicUrl(words.imageUrl, services.settings.fetchAllowedHosts);
  const picture = file && (await readPicture(file));
  if (picture) await keepOriginal(services, picture);
  const now = Date.now();
  const made = await createPin(database, {
    ...words,
    // On the shard of the board, so that a pin and its board are one look-up.
    id: newPinId(context.board.ownerId, { now, random: Math.random() }),
    userId,
    imageUrl: words.imageUrl ?? null,
    link: words.link ?? null,
    category: words.category ?? null,
    status: picture || words.imageUrl ? "provisional" : "ready",
    createdAt: now,
    original: picture && { hash: picture.hash, contentType: picture.contentType, bytes: picture.bytes.byteLength },
    idempotencyKey,
  });
  if (!made) throw notMember(); // the membership ended a moment ago
  // Retention may have deleted the same bytes, of a pin that was deleted, since they were seen: now it sees this pin.
  if (picture) await keepOriginal(services, picture);
  if (made.isNew) await announce(services, made.pin);
  return made;
}

/** Queues a provisional pin. When the queue is down the pin stays provisional, and the sweep takes it up. */
export async function queuePicture(services: Services, pinId: PinId): Promise<void> {
  const sent = services.picturesQueue.send({ pinId });
  behindAnswer(services, "queueing a picture", sent);
  await withDeadline(sent, queueDeadlineMillis, "The queue").catch(() => undefined);
}

async function announce(services: Services, { id, userId, status, createdAt }: PinView): Promise<void> {
  const action = { id: `create.${id}`, pinId: id, type: "create" as const, occurredAt: createdAt };
  behindAnswer(services, "recording a pin", recordActions(services, userId, services.region, [action]));
  if (status === "provisional") await queuePicture(services, id);
}

/** Puts the bytes under their hash; the same bytes are put once. */
async function keepOriginal({ originals }: Services, { hash, contentType, bytes }: UploadedPicture): Promise<void> {
  const keep = async () => {
    const kept = await originals.head(hash);
    if (kept?.size !== bytes.byteLength)
      await originals.put(hash, bytes, { httpMetadata: { contentType }, sha256: hash });
  };
  try {
    await withDeadline(keep(), keepDeadlineMillis, "Keeping the picture");
  } catch (cause) {
    const options = { cause, retryAfterSeconds: 5 };
    throw new Problem("unavailable", "The picture cannot be kept now; send it again in a few seconds.", options);
  }
}

function notMember(): Problem {
  return new Problem("forbidden", "Pin to a board of your own, or ask its owner to let you work on it.");
}
