import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type PurgeReport, renditionFormats, type SignedUrl } from "@vitrine/contracts";
import { keptPrefixes, type PlannedPreset, placeholderKey, planForPreset, presets, renditionKey } from "@vitrine/image";
import { beforeAll, expect, test } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import { createApp } from "../app.ts";
import { board, call, type Person, person, png, problemOf, read, tokenOf, upload } from "../testing/api.ts";

let ada: Person;
let bob: Person;
let service: string;
beforeAll(async () => {
  [ada, bob] = await Promise.all([person("purge-ada"), person("purge-bob")]);
  service = await tokenOf(undefined, "service");
});

let seed = 4_000;
async function picturePin(visibility: "public" | "secret" = "public") {
  const made = await read<{ id: string }>(upload(ada, await board(ada, visibility), png(++seed)), 202);
  const row = await env.DB_0.prepare("SELECT original_hash AS hash FROM pins WHERE id = ?")
    .bind(made.id)
    .first<{ hash: string }>();
  return { id: made.id, hash: row?.hash ?? "" };
}

const purge = (id: string, token = ada.writer) => call("POST", `/v1/pins/${id}/purge`, { token });
const coloUrl = (key: string) => `https://renditions.vitrine.internal/${key}`;
const keptKeys = async (hash: string) =>
  (await env.RENDITIONS.list({ prefix: keptPrefixes(hash)[0] ?? "-" })).objects.map(({ key }) => key);

test("a purge drops every rendition of the picture from bucket and colo, and none of another", async () => {
  const [pin, other] = [await picturePin(), await picturePin()];
  const names = Object.keys(presets) as PlannedPreset[];
  const keysOf = (hash: string) => [
    ...names.flatMap((name) => renditionFormats.map((format) => renditionKey(hash, planForPreset(name, format)))),
    placeholderKey(hash),
    `${keptPrefixes(hash)[0]}scale-down-77x_-q85.webp`,
  ];
  for (const key of [...keysOf(pin.hash), ...keysOf(other.hash)]) {
    await env.RENDITIONS.put(key, "kept");
    await caches.default.put(coloUrl(key), new Response("kept", { headers: { "cache-control": "max-age=600" } }));
  }
  const count = names.length * renditionFormats.length + 2;
  expect(await read<PurgeReport>(purge(pin.id), 200)).toEqual({
    pinId: pin.id,
    purged: count,
    more: false,
    tag: `pin:${pin.id}`,
  });
  const left = async (hash: string) =>
    (await Promise.all(keysOf(hash).map((key) => caches.default.match(coloUrl(key))))).filter((each) => each);
  expect([await keptKeys(pin.hash), await left(pin.hash)]).toEqual([[], []]);
  expect([(await keptKeys(other.hash)).length, (await left(other.hash)).length]).toEqual([count, count]);
  // Again: nothing is there, and presets that lie in the colo alone go too.
  await caches.default.put(
    coloUrl(keysOf(pin.hash)[0] ?? ""),
    new Response("x", { headers: { "cache-control": "max-age=600" } }),
  );
  expect(await read<PurgeReport>(purge(pin.id), 200)).toMatchObject({ purged: 0, more: false });
  expect(await left(pin.hash)).toEqual([]);
});

test("one call is bounded and says whether there is more", async () => {
  const { id, hash } = await picturePin();
  const keys = Array.from({ length: 230 }, (_, i) => `${keptPrefixes(hash)[0]}scale-down-${i + 1}x_-q85.webp`);
  await Promise.all(keys.map((key) => env.RENDITIONS.put(key, "kept")));
  expect(await read<PurgeReport>(purge(id), 200)).toMatchObject({ purged: 200, more: true });
  expect(await read<PurgeReport>(purge(id), 200)).toMatchObject({ purged: 30, more: false });
});

test("a purge is for the creator, the board's owner and a service, and a secret pin is not there for others", async () => {
  const { id } = await picturePin("secret");
  await problemOf(purge(id, bob.writer), 404);
  await problemOf(call("POST", `/v1/pins/${id}/purge?user=${bob.id}`, { token: service }), 404);
  await read(purge(id, service), 200);
  const shown = await picturePin();
  await problemOf(purge(shown.id, bob.writer), 403);
  await problemOf(purge("pin_000000000000000000", service), 404);
});

test("the isolate forgets the pin, and the cache in front is told by the tag", async () => {
  const { id } = await picturePin();
  const told: string[][] = [];
  const behind: Promise<unknown>[] = [];
  const purgeTags = async (tags: string[]) => void told.push(tags);
  const app = createApp(() => {
    const services = servicesOf(env, createExecutionContext(), new Request("https://edge.test/"));
    return { ...services, purgeTags, waitUntil: (work) => void behind.push(work) };
  });
  const seen = async () => (await app.request(`https://edge.test/i/${id}/original`)).status;
  expect(await seen()).toBe(200);
  await env.DB_0.prepare("UPDATE pins SET original_hash = NULL WHERE id = ?").bind(id).run();
  expect(await seen()).toBe(200);
  const answer = await app.request(`https://edge.test/v1/pins/${id}/purge`, {
    method: "POST",
    headers: { authorization: `Bearer ${service}` },
  });
  expect(await read<PurgeReport>(answer, 200)).toMatchObject({ purged: 0 });
  expect(await seen()).toBe(404);
  expect(told).toEqual([[`pin:${id}`]]);
});

test("when the bucket is down the purge is to be tried again", async () => {
  const { id } = await picturePin();
  const down = async () => Promise.reject(new Error("R2 is down"));
  const app = createApp(() => {
    const services = servicesOf(env, createExecutionContext(), new Request("https://edge.test/"));
    return { ...services, renditions: { ...services.renditions, list: down } as unknown as R2Bucket };
  });
  const headers = { authorization: `Bearer ${service}` };
  const answer = await app.request(`https://edge.test/v1/pins/${id}/purge`, { method: "POST", headers });
  expect(answer.headers.get("retry-after")).toBe("5");
  await problemOf(answer, 503);
});

test("a service signs any picture's path; the signature opens it until it expires", async () => {
  const { id } = await picturePin("secret");
  const sign = (path: string, token = service) => call("POST", "/v1/signed-urls", { token, json: { path } });
  const { url } = await read<SignedUrl>(sign(`/i/${id}/original`), 200);
  expect((await call("GET", url)).status).toBe(200);
  await problemOf(call("GET", url.replace("original", "feed")), 404);
  for (const path of ["/v1/pins", "//evil.example/i/x", "/i/a b", "https://edge.test/i/x", "/i/"])
    await problemOf(sign(path), 400);
  await problemOf(sign(`/i/${id}/original`, ada.writer), 403);
});
