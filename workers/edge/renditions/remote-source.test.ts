import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Problem } from "@vitrine/contracts";
import { type FetchedPicture, remoteMarkKey } from "@vitrine/fetching";
import { beforeEach, expect, test } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import type { Services } from "../context.ts";
import { forgetRemotes, remoteOriginal } from "./remote-source.ts";

const hour = 3_600_000;
const start = 1_790_000_000_000;

/** What is asked of the network; a test decides how it answers. */
const asked: { url: string; etag: string | null }[] = [];
let answering: (url: string, etag: string | null) => Promise<FetchedPicture | "unchanged">;
let behind: Promise<unknown>[] = [];
beforeEach(() => {
  asked.length = 0;
  forgetRemotes();
  answering = async () => picture("first");
});

const services = (changes: Partial<Services> = {}, remoteSources = ["images.example.com"]): Services => {
  const real = servicesOf(env, createExecutionContext(), new Request("https://edge.test/"));
  return {
    ...real,
    settings: { ...real.settings, remoteSources },
    fetchRemote: (url, etag) => {
      asked.push({ url, etag });
      return answering(url, etag);
    },
    waitUntil: (work) => void behind.push(work),
    ...changes,
  };
};

function picture(text: string, etag: string | null = `"${text}"`): FetchedPicture {
  return { bytes: Uint8Array.from(new TextEncoder().encode(`${text} of this test`)), contentType: "image/png", etag };
}

let count = 0;
/** A URL that no other test asks for. */
const newUrl = () => `https://images.example.com/${++count}.png`;

async function ask(url: string, { now = start, headers = {}, on = services() } = {}): Promise<string> {
  const hash = await remoteOriginal(on, { url, headers: new Headers(headers), ownHost: "edge.test", now });
  await Promise.all(behind);
  behind = [];
  return hash;
}

const bytesOf = async (hash: string) => (await env.ORIGINALS.get(hash))?.text();

test("a remote picture is fetched once, and kept as an original under its hash", async () => {
  const url = newUrl();
  const hash = await ask(`${url}#fragment`);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(await bytesOf(hash)).toBe("first of this test");
  expect((await env.ORIGINALS.head(hash))?.httpMetadata?.contentType).toBe("image/png");
  const mark = await env.KV.getWithMetadata(remoteMarkKey(hash));
  expect(mark.metadata).toEqual({ askedAt: start });
  expect(await ask(url)).toBe(hash);
  forgetRemotes(); // another isolate finds the pointer
  expect(await ask(url)).toBe(hash);
  expect(asked).toEqual([{ url, etag: null }]);
});

test("many who ask at once share one fetch", async () => {
  const url = newUrl();
  const on = services();
  const hashes = await Promise.all(Array.from({ length: 5 }, () => ask(url, { on })));
  expect([new Set(hashes).size, asked.length]).toEqual([1, 1]);
});

test("an old pointer answers at once, and is asked again behind the answer by its ETag", async () => {
  const url = newUrl();
  const first = await ask(url);
  answering = async () => "unchanged";
  expect(await ask(url, { now: start + 2 * hour })).toBe(first);
  expect(asked.at(-1)).toEqual({ url, etag: '"first"' });
  await ask(url, { now: start + 2 * hour + 120_000 });
  expect(asked).toHaveLength(2);

  answering = async () => picture("second");
  expect(await ask(url, { now: start + 4 * hour })).toBe(first);
  const second = await ask(url, { now: start + 4 * hour + 1 });
  expect(await bytesOf(second)).toBe("second of this test");
});

test("when its server is down the pointer goes on answering; when the picture is gone it does not", async () => {
  const url = newUrl();
  const first = await ask(url);
  answering = () => Promise.reject(new Problem("unavailable", "The server answered 503."));
  for (const now of [start + 2 * hour, start + 2 * hour + 1]) expect(await ask(url, { now })).toBe(first);
  answering = () => Promise.reject(new Problem("url-not-allowed", "its server answered 404"));
  expect(await ask(url, { now: start + 3 * hour })).toBe(first);
  await expect(ask(url, { now: start + 3 * hour + 1 })).rejects.toMatchObject({ code: "url-not-allowed" });
  forgetRemotes();
  await expect(ask(url, { now: start + 3 * hour + 2 })).rejects.toMatchObject({ code: "url-not-allowed" });
});

test("a refusal is remembered for a minute, what is unavailable for seconds", async () => {
  const [refused, down] = [newUrl(), newUrl()];
  answering = (url) => Promise.reject(new Problem(url === refused ? "unsupported-media-type" : "unavailable", "No."));
  const times = async (url: string, now: number) => {
    await expect(ask(url, { now })).rejects.toMatchObject({ message: "No." });
    return asked.filter((each) => each.url === url).length;
  };
  expect([
    await times(refused, start),
    await times(refused, start + 59_000),
    await times(refused, start + 61_000),
  ]).toEqual([1, 1, 2]);
  expect([await times(down, start), await times(down, start + 4_000), await times(down, start + 6_000)]).toEqual([
    1, 1, 2,
  ]);
});

test("an original that was deleted is fetched again", async () => {
  const url = newUrl();
  const hash = await ask(url);
  await env.ORIGINALS.delete(hash);
  forgetRemotes();
  expect(await ask(url)).toBe(hash);
  expect(await bytesOf(hash)).toBe("first of this test");
});

test.each([
  ["https://elsewhere.example.org/a.png", "is not in REMOTE_SOURCES"],
  ["https://images.example.com:8443/a.png", "is not in REMOTE_SOURCES"],
  ["not a url", "give an absolute URL"],
])("%s is refused before anything is asked", async (url, words) => {
  await expect(ask(url)).rejects.toMatchObject({ code: "url-not-allowed", message: expect.stringContaining(words) });
  expect(asked).toEqual([]);
});

test("without a list everything is closed", async () => {
  await expect(ask(newUrl(), { on: services({}, []) })).rejects.toMatchObject({
    message: expect.stringContaining("closed"),
  });
  expect(asked).toEqual([]);
});

test.each([
  [{ via: "1.1 edge, 1.1 Vitrine" }, newUrl()],
  [{ "user-agent": "Vitrine/1.0 (fetches)" }, newUrl()],
  [{}, "https://edge.test/i/pin_01j9zq4k3m8x7c2v5b/feed"],
])("a loop is refused: %j %s", async (headers, url) => {
  const on = services({}, ["images.example.com", "edge.test"]);
  await expect(ask(url, { headers: headers as Record<string, string>, on })).rejects.toMatchObject({
    message: expect.stringContaining("loop"),
  });
  expect(asked).toEqual([]);
});

test("no more than two are fetched at a time, and who comes on top of those who wait is sent away", async () => {
  let running = 0;
  let most = 0;
  answering = async (url) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    return picture(url);
  };
  const on = services();
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => ask(newUrl(), { on })));
  expect(most).toBe(2);
  const refused = outcomes.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(2);
  expect(refused[0]).toMatchObject({ reason: { code: "unavailable", retryAfterSeconds: 2 } });
});
