/** Pins on their way from provisional to ready: what ingest asks and keeps. Every write can be repeated. */
import type { PinId } from "@vitrine/contracts";
import { and, eq, inArray, ne } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Database, Databases } from "./database.ts";
import { originals, pins } from "./schema.ts";

/** A picture's row, as far as it was processed. */
export type OriginalRow = typeof originals.$inferSelect;

/** A pin with its picture; `original` is null while a picture by URL is not fetched, and for words alone. */
export interface PinPicture {
  pin: typeof pins.$inferSelect;
  original: OriginalRow | null;
}

/** The features of a picture, as they are kept. */
export interface KeptFeatures {
  /** Upright size in pixels. */
  width: number;
  height: number;
  /** 16 hex digits. */
  perceptualHash: string;
  /** `#rrggbb`, most first. */
  colors: string[];
  /** int8 (`quantise` in @vitrine/vectors). */
  embedding: Uint8Array;
  featuresVersion: number;
}

/** A pin that is to become ready; `features` is null when those of its picture are kept already. */
export interface FinishedPicture {
  pinId: PinId;
  originalHash: string;
  features: KeptFeatures | null;
}

/** D1 binds at most 100 parameters a statement; ids of one queue batch are far fewer. */
const maxIdsPerStatement = 90;

/** The pins that exist among those asked for. One query for each database concerned. */
export async function picturesOf(databases: Databases, pinIds: readonly PinId[]): Promise<Map<PinId, PinPicture>> {
  const queries = [...byDatabase(databases, pinIds, (id) => id)].map(([database, ids]) =>
    database
      .select({ pin: pins, original: originals })
      .from(pins)
      .leftJoin(originals, eq(originals.hash, pins.originalHash))
      .where(inArray(pins.id, ids)),
  );
  return new Map((await Promise.all(queries)).flat().map((row) => [row.pin.id, row]));
}

/**
 * Notes which picture was found at a pin's URL; its bytes lie in the originals bucket already. The first pin with the
 * same picture is noted as `duplicateOf`. Answers the pin with its picture; undefined when it was deleted meanwhile.
 */
export async function keepFetchedPicture(
  database: Database,
  pinId: PinId,
  original: Pick<OriginalRow, "hash" | "contentType" | "bytes" | "createdAt">,
): Promise<PinPicture | undefined> {
  const [, known] = await database.batch([
    database
      .insert(originals)
      .values({ ...original, firstPinId: pinId })
      .onConflictDoNothing(),
    database.select().from(originals).where(eq(originals.hash, original.hash)),
  ]);
  const row = known[0] ?? null;
  const duplicateOf = row === null || row.firstPinId === pinId ? null : row.firstPinId;
  const updated = await database
    .update(pins)
    .set({ originalHash: original.hash, duplicateOf })
    .where(eq(pins.id, pinId))
    .returning();
  return updated[0] && { pin: updated[0], original: row };
}

/**
 * Keeps the features and makes the pins ready: one transaction for each database.
 * Answers the pins that still exist; the others were deleted meanwhile.
 */
export async function finishPictures(
  databases: Databases,
  finished: readonly FinishedPicture[],
  now: number,
): Promise<Set<PinId>> {
  const answers = [...byDatabase(databases, finished, ({ pinId }) => pinId)].map(async ([database, theirs]) => {
    const ready = database
      .update(pins)
      .set({ status: "ready", failure: null, updatedAt: now })
      .where(
        inArray(
          pins.id,
          theirs.map(({ pinId }) => pinId),
        ),
      )
      .returning({ id: pins.id });
    // In the first place, so that its answer has a known position.
    const [ids] = await database.batch([ready, ...featureUpdates(database, theirs)]);
    return ids.map(({ id }) => id);
  });
  return new Set((await Promise.all(answers)).flat());
}

/** One update for each picture, however many pins show it. */
function featureUpdates(database: Database, finished: readonly FinishedPicture[]): BatchItem<"sqlite">[] {
  const byHash = new Map(
    finished.flatMap(({ originalHash, features }) => (features ? [[originalHash, features]] : [])),
  );
  return [...byHash].map(([hash, features]) =>
    database.update(originals).set(features).where(eq(originals.hash, hash)),
  );
}

/** Marks pins as failed, with one public sentence each; pins that are ready stay so. */
export async function failPictures(
  databases: Databases,
  failures: readonly { pinId: PinId; failure: string }[],
  now: number,
): Promise<void> {
  const updates = [...byDatabase(databases, failures, ({ pinId }) => pinId)].map(([database, theirs]) => {
    const [first, ...rest] = theirs.map(({ pinId, failure }) =>
      database
        .update(pins)
        .set({ status: "failed", failure, updatedAt: now })
        .where(and(eq(pins.id, pinId), ne(pins.status, "ready"))),
    );
    return first && database.batch([first, ...rest]);
  });
  await Promise.all(updates);
}

/** Groups by the database that holds each pin, in portions that one statement can take. */
function byDatabase<T>(databases: Databases, items: readonly T[], pinIdOf: (item: T) => PinId): [Database, T[]][] {
  const groups = Map.groupBy(items, (item) => databases.forId(pinIdOf(item)));
  return [...groups].flatMap(([database, theirs]) =>
    Array.from({ length: Math.ceil(theirs.length / maxIdsPerStatement) }, (_, i): [Database, T[]] => [
      database,
      theirs.slice(i * maxIdsPerStatement, (i + 1) * maxIdsPerStatement),
    ]),
  );
}
