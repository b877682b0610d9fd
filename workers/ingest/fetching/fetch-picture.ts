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
}

export interface Network {
  send(url: string, init: RequestInit): Promise<Response>;
  resolve: Resolve;
  /** `host[:port]` entries that are exempt from the checks of port and address. */
  allowedHosts: readonly string[];
}

const requestHeaders = {
  Accept: "image/avif,image/webp,image/png,image/jpeg;q=0.9,*/*;q=0.1",
  "User-Agent": "Vitrine/1.0 (fetches pictures that its users link)",
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
  const signal = AbortSignal.timeout(timeoutMillis);
  try {
    const response = await follow(url, network, signal);
    const bytes = await readBounded(response, limits.maxUploadBytes);
    const probe = probePicture(bytes);
    assertDecodable(probe);
    return { bytes, contentType: probe.contentType };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const what = signal.aborted ? "did not answer in time" : "could not be reached";
    throw new Problem("unavailable", `The server of the picture's URL ${what}: try again later.`, { cause });
  }
}

/** The first answer that is no redirect, if it is a success. */
async function follow(url: string, network: Network, signal: AbortSignal): Promise<Response> {
  const visited = new Set<string>();
  let next = url;
  while (visited.size <= limits.maxRedirects) {
    const target = await checked(next, network, signal);
    if (visited.has(target.href)) throw refused("its redirects go round in a circle");
    visited.add(target.href);
    const response = await network.send(target.href, { redirect: "manual", headers: requestHeaders, signal });
    if (response.ok) return response;
    await response.body?.cancel();
    next = redirectOf(response, target);
  }
  throw refused(`it redirects more than ${limits.maxRedirects} times`);
}

/** The URL, when its text, its name and every address of its host are public. */
async function checked(text: string, network: Network, signal: AbortSignal): Promise<ParsedUrl> {
  const url = assertPublicUrl(text, network.allowedHosts);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isAllowedHost(url, network.allowedHosts) || isAddress(host)) return url;
  const addresses = await network.resolve(host, signal);
  if (addresses.length === 0) throw refused("its host does not exist");
  if (!addresses.every(isPublicAddress)) throw refused("its host is not on the public internet");
  return url;
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
