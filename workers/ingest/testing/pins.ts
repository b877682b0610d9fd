/** Pins in the database, pictures in the bucket and messages about them, for tests. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { newPinId, newUserId, type PictureMessage, PinId } from "@vitrine/contracts";
import { pins } from "@vitrine/store/schema";
import { eq } from "drizzle-orm";
import { vi } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import { handlePictures } from "../pictures.ts";
import type { IngestServices } from "../services.ts";
import { testEnv } from "./environment.ts";

export const services: IngestServices = servicesOf(testEnv);

const userId = newUserId("ada", { now: 1, random: 0 });
let created = 0;

/** A provisional pin, with its picture in the bucket or by URL, as the edge leaves it. */
export async function provisionalPin(source: { picture: string } | { imageUrl: string }): Promise<PinId> {
  created += 1;
  const id = newPinId(userId, { now: 1_790_000_000_000 + created, random: 0 });
  const originalHash = "picture" in source ? await keepOriginal(source.picture, id) : null;
  await services.databases
    .forId(id)
    .insert(pins)
    .values({
      id,
      userId,
      boardId: "brd_000000000000000000" as never,
      originalHash,
      imageUrl: "imageUrl" in source ? source.imageUrl : null,
      category: "shoes",
      status: "provisional",
      createdAt: created,
      updatedAt: created,
    });
  return id;
}

/** The picture's bytes are its name; what decodes them is a stand-in. */
async function keepOriginal(name: string, pinId: PinId): Promise<string> {
  const bytes = new TextEncoder().encode(name);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  await testEnv.ORIGINALS.put(hash, bytes);
  await testEnv.DB_0.prepare(
    "INSERT OR IGNORE INTO originals (hash, content_type, bytes, first_pin_id, created_at) VALUES (?, 'image/png', ?, ?, 1)",
  )
    .bind(hash, bytes.length, pinId)
    .run();
  return hash;
}

/** Delivers messages about the pins in one batch; answers which were acknowledged and the delays of the others. */
export async function deliver(pinIds: readonly PinId[], using: IngestServices = services, attempts = 1) {
  const batch = createMessageBatch<PictureMessage>(
    "vitrine-pictures",
    pinIds.map((pinId, i) => ({ id: `${i}`, timestamp: new Date(0), attempts, body: { pinId } })),
  );
  const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
  await handlePictures(batch, using);
  const result = await getQueueResult(batch, createExecutionContext());
  const named = (id: string) => pinIds[Number(id)];
  return {
    done: result.explicitAcks.map(named),
    again: result.retryMessages.map(({ msgId }) => ({
      pinId: named(msgId),
      // The result itself leaves the delay out.
      delaySeconds: retries[Number(msgId)]?.mock.lastCall?.[0]?.delaySeconds,
    })),
  };
}

export async function pinOf(id: PinId): Promise<typeof pins.$inferSelect> {
  const [row] = await services.databases.forId(PinId.parse(id)).select().from(pins).where(eq(pins.id, id));
  if (!row) throw new Error(`no pin ${id}`);
  return row;
}
