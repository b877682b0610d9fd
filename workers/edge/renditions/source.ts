/** What a URL of the option language names as its source. */
import { type PinId, Problem } from "@vitrine/contracts";
import type { ShownPicture } from "@vitrine/store";
import type { Context } from "hono";
import type { EdgeEnv } from "../context.ts";
import { originalOf, pinPicture } from "../pin-access.ts";
import { pinNotFound } from "../pins.ts";
import { assertSeen } from "./access.ts";
import { remoteOriginal } from "./remote-source.ts";

export interface ResolvedSource {
  originalHash: string;
  /** Null for a remote picture. */
  pin: { pinId: PinId; picture: ShownPicture } | null;
}

/**
 * The original of a source: a pin id, the path of a pin's original (`/i/{pin}/original`, also with this deployment's
 * own host), or the URL of a remote picture, which may be percent-encoded as a whole. The caller must see the pin by
 * board, token or signature; a remote host must be listed. Throws `not-found`, `gone`, `url-not-allowed` and the other
 * Problems of fetching.
 */
export async function resolveSource(c: Context<EdgeEnv>, source: string): Promise<ResolvedSource> {
  const ownHost = new URL(c.req.url).host;
  const pinId = pinOf(source, ownHost);
  if (pinId !== undefined) {
    const picture = await pinPicture(c.var.services, pinId, Date.now());
    if (!picture) throw pinNotFound();
    await assertSeen(c, picture);
    return { originalHash: originalOf(picture), pin: { pinId: pinId as PinId, picture } };
  }
  const url = urlOf(source);
  if (url === undefined) {
    throw new Problem("not-found", "Name a pin, /i/{pin}/original or an http(s) URL as the source.");
  }
  const request = { url, headers: c.req.raw.headers, ownHost, now: Date.now() };
  return { originalHash: await remoteOriginal(c.var.services, request), pin: null };
}

/** What a query of the request means here, and is never a remote picture's. */
const ownParameters = ["exp", "sig", "user"];

/**
 * The source as the path of a request names it, with the request's query where it is a remote picture's: an URL that
 * is not percent-encoded as a whole ends in a query of its own. One that needs `exp`, `sig` or `user` is encoded.
 */
export function sourceOf(text: string, { searchParams }: Pick<URL, "searchParams">): string {
  if (!/^https?:/i.test(text)) return text;
  const query = new URLSearchParams(searchParams);
  for (const name of ownParameters) query.delete(name);
  return query.size > 0 ? `${text}?${query}` : text;
}

function pinOf(source: string, ownHost: string): string | undefined {
  const url = urlOf(source);
  const isOwn = url !== undefined && URL.canParse(url) && new URL(url).host === ownHost;
  const path = isOwn ? new URL(url).pathname : source;
  return /^\/?(?:i\/)?(pin_[0-9a-z]+)(?:\/original)?$/.exec(path)?.[1];
}

/** The URL that the source is; servers on the way like to make one of two slashes. */
function urlOf(source: string): string | undefined {
  const isEncoded = /^https?%3a/i.test(source);
  const text = isEncoded ? decoded(source) : source;
  return /^https?:\/+[^/]/i.test(text) ? text.replace(/^(https?:)\/+/i, "$1//") : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem("invalid-request", "Check the source: its percent-encoding is broken.");
  }
}
