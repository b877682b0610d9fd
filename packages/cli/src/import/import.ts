/** Brings pictures in by the public API: uploads, follows them until they are ready, and can be broken off anywhere. */
import { type Client, VitrineError } from "@vitrine/client";
import type { Manifest } from "./manifest.ts";
import { patiently } from "./patience.ts";
import { followPins, type Settled } from "./pending.ts";
import { eachOf } from "./pool.ts";
import { createProgress } from "./progress.ts";

/** Uploads at once: two cores are busy with four, and six hide the waiting. */
const uploadsAtOnce = 6;
/** Uploaded and not ready: enough for full batches of the queue, few enough that a stop leaves little behind. */
const maxPending = 192;

export interface Picture {
  /** How a person knows it: a path or a title. */
  label: string;
  /** See ManifestEntry. */
  fingerprint: string;
  boardId: string;
  title: string;
  category: string;
  /** The client that speaks for the board's owner. */
  owner: Client;
  /** Bytes, and the key under which the server makes one pin of them, however often they are sent. */
  load(): Promise<{ bytes: Blob; idempotencyKey: string }>;
}

export interface ImportOptions {
  pictures: readonly Picture[];
  manifest: Manifest;
  /** Speaks as a service, to see what is provisional. */
  service: Client;
  signal: AbortSignal;
  pollMillis?: number;
  isTerminal?: boolean;
  print?: (line: string) => void;
}

export interface ImportReport {
  /** Pin of each picture that has one, by fingerprint. */
  pinIds: Map<string, string>;
  imported: number;
  /** What could not be had, each with its sentence. */
  failures: { label: string; reason: string }[];
  /** Uploaded and not ready when patience ended; the server goes on with them. */
  unfinished: number;
  seconds: number;
}

export async function importPictures(options: ImportOptions): Promise<ImportReport> {
  const { pictures, manifest, service, signal, print = console.log } = options;
  const statuses = await pinsOfBoards(new Map(pictures.map(({ boardId, owner }) => [boardId, owner])), signal);
  const report: ImportReport = { pinIds: new Map(), imported: 0, failures: [], unfinished: 0, seconds: 0 };
  const isThere = ({ fingerprint }: Picture) => statuses.has(manifest.find(fingerprint)?.pinId ?? "");
  const wasRefused = ({ fingerprint }: Picture) => manifest.find(fingerprint)?.refused !== undefined;
  const known = pictures.filter(isThere);
  const fresh = pictures.filter((picture) => !isThere(picture) && !wasRefused(picture));
  const waiting = known.filter(
    ({ fingerprint }) => statuses.get(manifest.find(fingerprint)?.pinId ?? "") === "provisional",
  );
  for (const { fingerprint } of known) report.pinIds.set(fingerprint, manifest.find(fingerprint)?.pinId ?? "");
  if (fresh.length + waiting.length === 0) return report;

  const done = known.length - waiting.length;
  const isTerminal = options.isTerminal ?? process.stdout.isTTY === true;
  const progress = createProgress({ total: done + waiting.length + fresh.length, done, isTerminal, print });
  const onSettled = ({ label, failure }: Settled) => {
    progress.ready();
    if (failure === null) report.imported++;
    else report.failures.push({ label, reason: failure });
  };
  const pending = followPins({ service, signal, pollMillis: options.pollMillis, onSettled });
  for (const { fingerprint, label } of waiting) pending.add(manifest.find(fingerprint)?.pinId ?? "", label);
  try {
    await eachOf(fresh, uploadsAtOnce, async (picture) => {
      // What an earlier run left waits for the next sweep; the new ones do not wait for it.
      await pending.belowCount(maxPending + waiting.length);
      signal.throwIfAborted();
      const outcome = await uploadOne(picture, manifest, signal);
      if ("reason" in outcome) {
        report.failures.push({ label: picture.label, reason: outcome.reason });
        progress.ready();
      } else {
        report.pinIds.set(picture.fingerprint, outcome.pinId);
        pending.add(outcome.pinId, picture.label);
      }
      progress.uploaded();
    });
    report.unfinished = await pending.finish();
  } finally {
    report.seconds = progress.stop();
  }
  return report;
}

/** The pin, or why the server will not have the picture. Throws when the server itself is at fault. */
async function uploadOne(
  picture: Picture,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<{ pinId: string } | { reason: string }> {
  const { fingerprint, boardId, title, category, owner } = picture;
  let loaded: Awaited<ReturnType<Picture["load"]>>;
  try {
    loaded = await picture.load();
  } catch (error) {
    return { reason: `It could not be read: ${error instanceof Error ? error.message : String(error)}.` };
  }
  const { bytes, idempotencyKey } = loaded;
  try {
    const words = { boardId, title, category };
    // Never aborted: a form that is cut off half-way leaves an error in Node's fetch that nobody can catch.
    const pin = await patiently(() => owner.pins.upload(bytes, words, { idempotencyKey }), signal);
    manifest.add({ fingerprint, pinId: pin.id });
    return { pinId: pin.id };
  } catch (error) {
    if (!(error instanceof VitrineError) || !isAboutThePicture(error)) throw error;
    manifest.add({ fingerprint, refused: error.message });
    return { reason: error.message };
  }
}

/** 410: the pin was made before and deleted since, which an import does not undo. */
function isAboutThePicture({ status }: VitrineError): boolean {
  return [400, 410, 413, 415, 422].includes(status);
}

/** The status of every pin that the boards have now. */
async function pinsOfBoards(owners: Map<string, Client>, signal: AbortSignal): Promise<Map<string, string>> {
  const statuses = new Map<string, string>();
  await eachOf(owners, 4, async ([boardId, owner]) => {
    let cursor: string | null = null;
    do {
      const page = await patiently(() => owner.boards.pins(boardId, { limit: 200, cursor, signal }), signal);
      for (const pin of page.items) statuses.set(pin.id, pin.status);
      cursor = page.cursor;
    } while (cursor !== null);
  });
  return statuses;
}
