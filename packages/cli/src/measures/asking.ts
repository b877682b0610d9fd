/** Questions of a measure to a running API, as a service that acts for users. */
import type { FeedPage, RankedPins, UserId } from "@vitrine/contracts";

export interface Asking {
  /** Best first, with scores that are comparable between calls. `limit`: all by default. */
  rank(userId: UserId, pinIds: readonly string[], limit?: number): Promise<RankedPins | null>;
  feed(userId: UserId, limit: number): Promise<FeedPage | null>;
  /** What went wrong so far. */
  troubles: Troubles;
}

export interface Troubles {
  /** Questions without a good answer after all tries, by status; 0 without any answer. */
  errors: Record<string, number>;
  /** Answers that had to leave something out, by what. */
  degraded: Record<string, number>;
}

const timeoutMillis = 30_000;
/** A measure of quality asks again: how often a busy machine is late is another measure's question. */
const maxTries = 3;

export function openAsking({ url, token }: { url: string; token: string }): Asking {
  const troubles: Troubles = { errors: {}, degraded: {} };
  async function ask<Answer extends { degraded: string[] }>(path: string, body?: unknown): Promise<Answer | null> {
    let status = 0;
    for (let tries = 0; tries < maxTries; tries++) {
      try {
        const response = await fetch(new URL(path, url), {
          method: body === undefined ? "GET" : "POST",
          headers: {
            authorization: `Bearer ${token}`,
            ...(body === undefined ? {} : { "content-type": "application/json" }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(timeoutMillis),
        });
        status = response.status;
        if (response.ok) {
          const answer = (await response.json()) as Answer;
          for (const what of answer.degraded) troubles.degraded[what] = (troubles.degraded[what] ?? 0) + 1;
          return answer;
        }
        await response.arrayBuffer();
        if (status < 500 && status !== 429) break;
      } catch {
        status = 0;
      }
    }
    troubles.errors[status] = (troubles.errors[status] ?? 0) + 1;
    return null;
  }
  return {
    troubles,
    rank: (userId, pinIds, limit) => ask<RankedPins>("/v1/rank", { userId, pinIds, ...(limit ? { limit } : {}) }),
    feed: (userId, limit) => ask<FeedPage>(`/v1/feed?user=${userId}&limit=${limit}`),
  };
}
