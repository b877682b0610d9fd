/**
 * What is kept in KV of a picture that was fetched for a URL alone: no row of a database names it, so this mark is how
 * it is found again when nobody asks for it any more. Written with every fetch and every check, at most once an hour.
 */
export const remoteMarkPrefix = "remote-original:";

/** A picture that nobody asked for in a month is fetched anew. */
export const remoteKeptSeconds = 30 * 24 * 3600;

/** Of a mark, as KV's metadata: listing answers it, so that no mark has to be read. */
export interface RemoteMark {
  /** Milliseconds since 1970. */
  askedAt: number;
}

export function remoteMarkKey(originalHash: string): string {
  return remoteMarkPrefix + originalHash;
}
