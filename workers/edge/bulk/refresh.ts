/**
 * User embeddings after a bulk load. The rows are in D1 and nothing of them is in the region's store, so an embedding
 * that was made before would not know of them until its user's next action. Most users of a load have none, and theirs is
 * made of D1 when it is first needed; KV is asked who has one (100 users a read), and *ingest* makes these anew.
 */
import type { BulkOperation, EventsMessage, UserId } from "@vitrine/contracts";
import { userEmbeddingKey } from "@vitrine/ranking";
import type { Services } from "../context.ts";

/** KV answers so many keys in one read (https://developers.cloudflare.com/kv/api/read-key-value-pairs/). */
const usersPerRead = 100;

/** 250 refreshes of about 100 bytes stay far below the 128 KB of a message. */
const refreshesPerMessage = 250;

/** Asks for new embeddings of those among the users who have one. Asked again, it is done again. */
export async function refreshEmbeddings(
  { kv, eventsQueue, region }: Pick<Services, "kv" | "eventsQueue" | "region">,
  users: readonly UserId[],
): Promise<void> {
  const stale: UserId[] = [];
  for (let start = 0; start < users.length; start += usersPerRead) {
    const asked = users.slice(start, start + usersPerRead);
    const kept = await kv.get(asked.map(userEmbeddingKey), "text");
    stale.push(...asked.filter((userId) => kept.get(userEmbeddingKey(userId)) != null));
  }
  for (let start = 0; start < stale.length; start += refreshesPerMessage) {
    const refreshes = stale
      .slice(start, start + refreshesPerMessage)
      .map((userId) => ({ id: `refresh.${crypto.randomUUID()}`, userId }));
    await eventsQueue.send({ region, actions: [], refreshes } satisfies EventsMessage);
  }
}

/** Whose embedding the operations bear on; users and boards are in none. */
export function usersOf(operations: Iterable<BulkOperation>): UserId[] {
  const users = new Set<UserId>();
  for (const operation of operations) if ("userId" in operation) users.add(operation.userId);
  return [...users];
}
