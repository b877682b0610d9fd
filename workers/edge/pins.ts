import { type Pin, type PinId, Problem, type RenditionUrls } from "@vitrine/contracts";
import type { PinView } from "@vitrine/store";
import type { Settings } from "./context.ts";
import { signRenditionPath } from "./signing.ts";

/** Signed URLs in bodies last an hour, and end on ten-minute marks: within ten minutes they stay the same, for caches. */
const signedSeconds = 3600;
const signedUntilMultipleOf = 600;

/** A pin as the API shows it: with relative rendition URLs, signed when the board is secret. */
export async function pinBody(view: PinView, settings: Settings): Promise<Pin> {
  const { originalHash, visibility, isMember: _, boardOwnerId: __, updatedAt: ___, createdAt, ...pin } = view;
  const isShown = originalHash !== null && view.status !== "failed";
  const key = visibility === "secret" ? settings.signingKey : undefined;
  return {
    ...pin,
    color: pin.colors[0] ?? null,
    createdAt: new Date(createdAt).toISOString(),
    renditions: isShown ? await renditionsOf(pin.id, key) : null,
  };
}

async function renditionsOf(id: PinId, key: string | undefined): Promise<RenditionUrls> {
  const [thumbnail, feed, detail, zoom] = await Promise.all([
    renditionUrl(id, "thumbnail", key),
    renditionUrl(id, "feed", key),
    renditionUrl(id, "detail", key),
    renditionUrl(id, "zoom", key),
  ]);
  return { thumbnail, feed, detail, zoom };
}

async function renditionUrl(id: PinId, preset: string, key: string | undefined): Promise<string> {
  return signedPath(renditionPath(id, preset), { signingKey: key });
}

/** The path, signed where there is a key; its signature ends at `until` (seconds since 1970) at the latest. */
export async function signedPath(
  path: string,
  { signingKey }: Pick<Settings, "signingKey">,
  until = Number.POSITIVE_INFINITY,
): Promise<string> {
  if (!signingKey) return path;
  const earliest = Date.now() / 1000 + signedSeconds;
  const end = Math.ceil(earliest / signedUntilMultipleOf) * signedUntilMultipleOf;
  return signRenditionPath(signingKey, path, Math.min(end, until));
}

/** Where a rendition of a pin is. */
export function renditionPath(id: PinId, preset: string): string {
  return `/i/${id}/${preset}`;
}

/** Ingest takes about a second for a picture that is next in the queue. */
const provisionalRetrySeconds = 1;

/** Headers that say when to ask again for a pin that is not ready yet. */
export function retryAfter({ status }: PinView): Record<string, string> {
  return status === "provisional" ? { "retry-after": String(provisionalRetrySeconds) } : {};
}

/** The problem for a pin that is not there, or that the caller does not see. */
export function pinNotFound(): Problem {
  return new Problem("not-found", "There is no pin of this id that you can see.");
}
