/**
 * Originals that no pin shows any more: pins and boards were deleted. They go with everything made from them.
 *
 * A picture that comes again while it goes is never lost: pins are asked for once more when the bytes are gone, and
 * the bytes are put back for one that came in between; who uploads looks after writing the pin whether they are there
 * (`makePin` at the edge). The row goes last, so that a run that died is repeated.
 */
import { keptPrefixes } from "@vitrine/image";
import { forgetOriginal, isShown, scanOriginals } from "@vitrine/store";
import type { JobServices } from "./services.ts";

/** Uploads write the row with the pin; a day covers every retry and every pin that is moved by hand. */
const youngestMillis = 24 * 3_600_000;
/** Rows looked at in one run, for each database: 1.4 million a day, in 10,000 row reads of D1 a run. */
const rowsPerRun = 5_000;
/** Each takes about seven calls of the 1,000 that a run may make. */
const maxDeletedPerRun = 50;
/** What R2 deletes in one call. */
const keysPerDelete = 1_000;

/** Looks at the next originals, from where the last run ended; answers how many were deleted. */
export async function deleteOrphans(services: JobServices): Promise<number> {
  let deleted = 0;
  for (const [number, database] of services.databases.all().entries()) {
    const cursorKey = `retention:originals:${number}`;
    const after = (await services.kv.get(cursorKey)) ?? "";
    const createdBefore = services.now - youngestMillis;
    const scan = await scanOriginals(database, { after, createdBefore, limit: rowsPerRun });
    let reached = scan.next;
    for (const hash of scan.unused) {
      if (deleted >= maxDeletedPerRun) break;
      if (await deleteOrphan(services, hash)) {
        await forgetOriginal(database, hash);
        deleted += 1;
      }
      if (deleted >= maxDeletedPerRun) reached = hash;
    }
    if (reached !== after) await services.kv.put(cursorKey, reached);
  }
  return deleted;
}

/** Deletes the bytes and all renditions, unless a pin of any database shows them; answers whether they went. */
export async function deleteOrphan({ databases, originals, renditions }: JobServices, hash: string): Promise<boolean> {
  const isShownAnywhere = async () =>
    (await Promise.all(databases.all().map((database) => isShown(database, hash)))).includes(true);
  if (await isShownAnywhere()) return false;
  const file = await originals.get(hash);
  const bytes = file && (await file.arrayBuffer());
  await originals.delete(hash);
  if (await isShownAnywhere()) {
    if (file && bytes) await originals.put(hash, bytes, { httpMetadata: file.httpMetadata ?? {} });
    return false;
  }
  for (const prefix of keptPrefixes(hash)) await deleteAll(renditions, prefix);
  return true;
}

async function deleteAll(bucket: Pick<R2Bucket, "list" | "delete">, prefix: string): Promise<void> {
  for (;;) {
    const { objects, truncated } = await bucket.list({ prefix, limit: keysPerDelete });
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}
