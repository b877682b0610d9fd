/**
 * Fetching on behalf of a client without becoming its proxy into places that it cannot reach itself: every hop's URL,
 * name and addresses are checked; redirects, time and bytes are bounded; and only what is a picture by its bytes is kept.
 *
 * What remains: a name may change its address between the look-up and the connection, since a Worker cannot connect to
 * an address by another name. On Cloudflare the fetch leaves from a network without private neighbours; who runs the
 * Workers elsewhere puts a filter for outgoing traffic beside them.
 */
import {
  assertPublicUrl,
  isAddress,
  isAllowedHost,
  isPublicAddress,
  limits,
  type ParsedUrl,
  Problem,
} from "@vitrine/contracts";
import { assertDecodable, probePicture } from "@vitrine/image";
import { readBounded } from "./read-bounded.ts";
import type { Resolve } from "./resolve.ts";

export interface FetchedPicture {
  bytes: Uint8Array<ArrayBuffer>;
  /** By the bytes, never by the header. */
  contentType: string;
  /** As the server sent it; null when it sent none that can be sent back. */
  etag: string | null;
}

export interface Network {
  send(url: string, init: RequestInit): Promise<Response>;
  resolve: Resolve;
  /** `host[:port]` entries that are exempt from the checks of port and address. */
  allowedHosts: readonly string[];
  /** Refuses hops that are public and yet not wanted; without it every public host may be fetched from. */
  isWanted?(url: ParsedUrl): boolean;
  /** Where less than `limits.maxUploadBytes` is to be held. */
  maxBytes?: number;
}

/** What the requests of this package are known by, in `User-Agent` and `Via`: who is asked by it must not fetch on. */
export const agentToken = "Vitrine";

const requestHeaders = {
  Accept: "image/avif,image/webp,image/png,image/jpeg;q=0.9,*/*;q=0.1",
  "User-Agent": `${agentToken}/1.0 (fetches pictures that its users link)`,
  Via: `1.1 ${agentToken}`, // RFC 9110 §7.6.3: for finding loops
};

/**
 * The picture at a URL, after at most `limits.maxRedirects` redirects and within `timeoutMillis` in all.
 * Throws a Problem: 4xx when trying again would not help, `unavailable` when it may.
 */
export async function fetchPicture(
  url: string,
  network: Network,
  timeoutMillis: number = limits.fetchTimeoutMillis,
): Promise<FetchedPicture> {
  const fetched = await fetchUnless(url, network, { timeoutMillis, etag: null });
  if (fetched === "unchanged") throw refused("its server answered 304");
  return fetched;
}

/** As `fetchPicture`, for a picture that was fetched with this ETag before: `unchanged` when it is the same still. */
export function revalidatePicture(url: string, network: Network, etag: string): Promise<FetchedPicture | "unchanged"> {
  return fetchUnless(url, network, { timeoutMillis: limits.fetchTimeoutMillis, etag });
}

async function fetchUnless(
  url: string,
  network: Network,
  { timeoutMillis, etag }: { timeoutMillis: number; etag: string | null },
): Promise<FetchedPicture | "unchanged"> {
  const signal = AbortSignal.timeout(timeoutMillis);
  const headers = etag === null ? requestHeaders : { ...requestHeaders, "If-None-Match": etag };
  try {
    const response = await follow(url, network, { headers, signal });
    if (response.status === 304) return "unchanged";
    const bytes = await readBounded(response, network.maxBytes ?? limits.maxUploadBytes);
    const probe = probePicture(bytes);
    assertDecodable(probe);
    return { bytes, contentType: probe.contentType, etag: etagOf(response) };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const what = signal.aborted ? "did not answer in time" : "could not be reached";
    throw new Problem("unavailable", `The server of the picture's URL ${what}: try again later.`, { cause });
  }
}

/** The first answer that is no redirect, if it is a success. */
async function follow(
  url: string,
  network: Network,
  { headers, signal }: { headers: Record<string, string>; signal: AbortSignal },
): Promise<Response> {
  const visited = new Set<string>();
  let next = url;
  while (visited.size <= limits.maxRedirects) {
    const target = await checked(next, network, signal);
    if (visited.has(target.href)) throw refused("its redirects go round in a circle");
    visited.add(target.href);
    const response = await network.send(target.href, { redirect: "manual", headers, signal });
    if (response.ok || (response.status === 304 && "If-None-Match" in headers)) return response;
    await response.body?.cancel();
    next = redirectOf(response, target);
  }
  throw refused(`it redirects more than ${limits.maxRedirects} times`);
}

/** The URL, when its text, its name and every address of its host are public. */
async function checked(text: string, network: Network, signal: AbortSignal): Promise<ParsedUrl> {
  const url = assertPublicUrl(text, network.allowedHosts);
  if (network.isWanted?.(url) === false) throw refused("its host is not among the sources that are allowed here");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isAllowedHost(url, network.allowedHosts) || isAddress(host)) return url;
  const addresses = await network.resolve(host, signal);
  if (addresses.length === 0) throw refused("its host does not exist");
  if (!addresses.every(isPublicAddress)) throw refused("its host is not on the public internet");
  return url;
}

/** Longer ones, and those with characters that a header must not have, are not worth keeping. */
const etagPattern = /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"$/;

function etagOf(response: Response): string | null {
  const etag = response.headers.get("ETag");
  return etag !== null && etagPattern.test(etag) ? etag : null;
}

const redirects = new Set([301, 302, 303, 307, 308]);

function redirectOf(response: Response, from: ParsedUrl): string {
  const { status } = response;
  const location = response.headers.get("Location");
  if (redirects.has(status) && location !== null) {
    if (!URL.canParse(location, from.href)) throw refused("it redirects to something that is no URL");
    const target = new URL(location, from.href);
    target.hash = ""; // a fragment is not sent, so it must not hide a circle
    return target.href;
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    throw new Problem("unavailable", `The server of the picture's URL answered ${status}: try again later.`);
  }
  throw refused(`its server answered ${status}`);
}

function refused(why: string): Problem {
  return new Problem("url-not-allowed", `The picture cannot be fetched from this URL: ${why}.`);
}
