import { takeWaitingPins } from "@vitrine/store";
import type { JobServices } from "./services.ts";

/** A minute's work for ingest at eight pictures a second. */
const maxPinsPerRun = 500;
/** What one call to a queue takes. */
const messagesPerSend = 100;

/** Queues pins again that have been provisional for too long: nothing that was answered with 202 is lost. */
export async function sweep({ databases, picturesQueue, sweepAfterSeconds, now }: JobServices): Promise<string> {
  let queued = 0;
  for (const database of databases.all()) {
    const limit = maxPinsPerRun - queued;
    const pinIds = await takeWaitingPins(database, { waitingSince: now - sweepAfterSeconds * 1000, now, limit });
    for (let start = 0; start < pinIds.length; start += messagesPerSend) {
      const messages = pinIds.slice(start, start + messagesPerSend).map((pinId) => ({ body: { pinId } }));
      await picturesQueue.sendBatch(messages);
    }
    queued += pinIds.length;
  }
  const forTooLong = `provisional for more than ${sweepAfterSeconds} s.`;
  if (queued === 0) return `No pin has been ${forTooLong}`;
  return `Queued ${queued} ${queued === 1 ? "pin" : "pins"} again that had been ${forTooLong}`;
}
