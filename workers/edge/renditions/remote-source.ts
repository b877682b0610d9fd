/**
 * Pictures by URL, from the hosts that the deployment lists: fetched once, kept under their hash like every original,
 * and found again by a small pointer in KV. A pointer that has grown old still answers while its picture is asked for
 * again behind the answer; one whose server is down answers until it is back.
 */
import { asProblem, Problem } from "@vitrine/contracts";
import {
  agentToken,
  type FetchedPicture,
  isHostListed,
  type RemoteMark,
  remoteKeptSeconds,
  remoteMarkKey,
} from "@vitrine/fetching";
import { behindAnswer } from "../aftermath.ts";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { toHex } from "../hex.ts";
import { createTurns } from "./turns.ts";

/** What a URL led to. */
interface Pointer {
  hash: string;
  etag: string | null;
  /** Milliseconds since 1970. */
  checkedAt: number;
}

/** A picture at a URL may change; an hour is what most pages' own images are cached for. */
const freshMillis = 3_600_000;
/** How long this isolate does without KV. */
const rememberedMillis = 60_000;
/** A URL that leads to no picture is not asked again for this long, and one whose server is down for less. */
const refusedMillis = 60_000;
const unavailableMillis = 5_000;
/** A URL's hash and a pointer, about 300 bytes each. */
const maxRemembered = 5_000;
/** Fetching has 15 s of its own; putting 15 MB takes a few more. */
const remoteDeadlineMillis = 20_000;

/** Two at a time, of 15 MB at most, each held twice while it is joined: 60 of the isolate's 128 MB. */
const turns = createTurns({ atATime: 2, waiting: 16 });
export const maxRemoteBytes = 15 * 1024 * 1024;

type Known = { pointer: Pointer; until: number } | { refusal: Problem; until: number };
const known = new Map<string, Known>();
const flights = new Map<string, Promise<Pointer>>();

export interface RemoteRequest {
  url: string;
  /** Of the request that asks for it: what tells a loop. */
  headers: Headers;
  /** The host that this deployment is asked at. */
  ownHost: string;
  /** Milliseconds since 1970. */
  now: number;
}

/** The hash of the original at a URL. Throws `url-not-allowed` and the other Problems of `fetchPicture`. */
export async function remoteOriginal(services: Services, request: RemoteRequest): Promise<string> {
  const { now } = request;
  const url = allowedUrl(services, request);
  const key = `remote:${toHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url)))}`;
  const remembered = known.get(key);
  if (remembered && remembered.until > now) {
    if ("refusal" in remembered) throw remembered.refusal;
    return remembered.pointer.hash;
  }
  const pointer = await keptPointer(services, key);
  if (!pointer) return (await fetchOnce(services, { key, url, now, before: null })).hash;
  if (pointer.checkedAt + freshMillis < now) {
    behindAnswer(
      services,
      "asking for a remote picture again",
      fetchOnce(services, { key, url, now, before: pointer }),
    );
  }
  remember(key, { pointer, until: now + rememberedMillis });
  return pointer.hash;
}

/** The URL in its normal form, if it may be fetched at all. */
function allowedUrl({ settings }: Services, { url: text, headers, ownHost }: RemoteRequest): string {
  if (settings.remoteSources.length === 0) {
    throw refused("remote pictures are closed here; name their hosts in REMOTE_SOURCES to open them");
  }
  if (!URL.canParse(text)) throw refused("give an absolute URL, such as https://example.com/photo.jpg");
  const url = new URL(text);
  url.hash = "";
  if (!isHostListed(url, settings.remoteSources)) throw refused(`${url.host} is not in REMOTE_SOURCES`);
  const isOwnAgent = [headers.get("via"), headers.get("user-agent")].some((value) => value?.includes(agentToken));
  if (isOwnAgent || url.host === ownHost) throw refused("it leads back to here, in a loop");
  return url.href;
}

/** The pointer, if the original that it points to is there still. */
async function keptPointer({ kv, originals }: Services, key: string): Promise<Pointer | null> {
  const pointer = await kv.get<Pointer>(key, "json").catch(() => null);
  if (!pointer) return null;
  const isGone = (await originals.head(pointer.hash).catch(() => undefined)) === null;
  return isGone ? null : pointer;
}

interface FetchRequest {
  key: string;
  url: string;
  now: number;
  before: Pointer | null;
}

/** Fetches and keeps, once at a time for each URL; goes on when the one who asked first hangs up. */
function fetchOnce(services: Services, request: FetchRequest): Promise<Pointer> {
  const { key } = request;
  const running = flights.get(key);
  if (running) return running;
  const work = withDeadline(fetchAndKeep(services, request), remoteDeadlineMillis, "The picture's URL").finally(() =>
    flights.delete(key),
  );
  flights.set(key, work);
  services.waitUntil(work.catch(() => undefined));
  return work;
}

async function fetchAndKeep(services: Services, { key, url, now, before }: FetchRequest): Promise<Pointer> {
  try {
    const pointer = await turns(async () => {
      const fetched = await services.fetchRemote(url, before?.etag ?? null);
      if (fetched !== "unchanged") return { ...(await keepOriginal(services, fetched)), checkedAt: now };
      if (!before) throw new Error("a server answered 304 without being asked for it");
      return { ...before, checkedAt: now };
    });
    // The mark first: a picture without a pointer is fetched again, and one without a mark stays for ever.
    const mark: RemoteMark = { askedAt: now };
    await services.kv.put(remoteMarkKey(pointer.hash), "", { metadata: mark });
    await services.kv.put(key, JSON.stringify(pointer), { expirationTtl: remoteKeptSeconds });
    remember(key, { pointer, until: now + rememberedMillis });
    return pointer;
  } catch (cause) {
    const problem =
      asProblem(cause) ?? new Problem("unavailable", "The picture cannot be kept now: ask again.", { cause });
    if (problem.status >= 500) {
      // Stale if error: what is known goes on answering.
      remember(
        key,
        before
          ? { pointer: before, until: now + rememberedMillis }
          : { refusal: problem, until: now + unavailableMillis },
      );
    } else {
      remember(key, { refusal: problem, until: now + refusedMillis });
      if (before) await services.kv.delete(key).catch(() => undefined);
    }
    throw problem;
  }
}

async function keepOriginal(
  { originals }: Services,
  { bytes, contentType, etag }: FetchedPicture,
): Promise<Pick<Pointer, "hash" | "etag">> {
  const hash = toHex(await crypto.subtle.digest("SHA-256", bytes));
  const kept = await originals.head(hash);
  if (kept?.size !== bytes.byteLength) {
    await originals.put(hash, bytes, { httpMetadata: { contentType }, sha256: hash });
  }
  return { hash, etag };
}

function remember(key: string, entry: Known): void {
  if (known.size >= maxRemembered) known.clear();
  known.set(key, entry);
}

/** Forgets what this isolate knows of remote pictures; KV still does. */
export function forgetRemotes(): void {
  known.clear();
}

function refused(why: string): Problem {
  return new Problem("url-not-allowed", `The picture cannot be fetched from this URL: ${why}.`);
}
