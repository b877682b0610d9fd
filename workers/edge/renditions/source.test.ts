import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import { authenticate } from "../auth.ts";
import type { Services } from "../context.ts";
import { problemResponse } from "../problems.ts";
import { createRouter } from "../router.ts";
import { signRenditionPath } from "../signing.ts";
import { problemOf, read, tokenOf } from "../testing/api.ts";
import { drawPin, owner } from "../testing/drawn-pin.ts";
import { forgetRemotes } from "./remote-source.ts";
import { type ResolvedSource, resolveSource, sourceOf } from "./source.ts";

const fetched: string[] = [];
const app = createRouter();
app.onError(problemResponse);
app.use(async (c, next) => {
  const real = servicesOf(env, createExecutionContext(), c.req.raw);
  const services: Services = {
    ...real,
    settings: { ...real.settings, remoteSources: ["images.example.com"] },
    fetchRemote: async (url) => {
      fetched.push(url);
      return { bytes: Uint8Array.from(new TextEncoder().encode(url)), contentType: "image/png", etag: null };
    },
    waitUntil: () => undefined,
  };
  c.set("services", services);
  await next();
});
app.use(authenticate);
app.get("/x/*", async (c) => {
  const url = new URL(c.req.url);
  return c.json(await resolveSource(c, sourceOf(url.pathname.slice("/x/".length), url)));
});

const ask = (source: string, headers: Record<string, string> = {}) =>
  app.request(`https://edge.test/x/${source}`, { headers });
const resolved = (source: string, headers = {}) => read<ResolvedSource>(ask(source, headers), 200);

test("a pin is named by its id, by its original's path, and by that on this host", async () => {
  const { id, hash } = await drawPin();
  for (const source of [id, `i/${id}/original`, `/i/${id}/original`, `https://edge.test/i/${id}/original`]) {
    expect(await resolved(source), source).toMatchObject({ originalHash: hash, pin: { pinId: id } });
  }
  expect(fetched).toEqual([]);
});

test("a secret pin is a source for members and by a signature of the whole URL", async () => {
  const { id, hash } = await drawPin({ visibility: "secret" });
  await problemOf(ask(id), 404);
  const token = { authorization: `Bearer ${await tokenOf(owner, "reader")}` };
  expect(await resolved(id, token)).toMatchObject({ originalHash: hash });
  const signed = await signRenditionPath(env.SIGNING_KEY ?? "", `/x/${id}`, Math.floor(Date.now() / 1000) + 60);
  expect(await read<ResolvedSource>(app.request(`https://edge.test${signed}`), 200)).toMatchObject({
    originalHash: hash,
  });
  await problemOf(app.request(`https://edge.test${signed.replace("/x/", "/x//i/").replace("?", "/original?")}`), 404);
});

test.each([
  ["https://images.example.com/a.png", "https://images.example.com/a.png"],
  ["https://images.example.com/a.png?v=2&exp=1&sig=2&b=%2F", "https://images.example.com/a.png?v=2&b=%2F"],
  ["https%3A%2F%2Fimages.example.com%2Fc.png%3Fexp%3D1", "https://images.example.com/c.png?exp=1"],
  ["https:/images.example.com/b.png", "https://images.example.com/b.png"],
  ["https%3A%2F%2Fimages.example.com%2Fc%20d.png", "https://images.example.com/c%20d.png"],
])("%s is fetched as %s", async (source, url) => {
  forgetRemotes();
  expect(await resolved(source)).toEqual({ originalHash: expect.stringMatching(/^[0-9a-f]{64}$/), pin: null });
  expect(fetched.at(-1)).toBe(url);
});

test.each([
  ["https://elsewhere.example.org/a.png", 422],
  ["https://edge.test/i/nothing/original", 422],
  ["pin_000000000000000000", 404],
  ["ftp://images.example.com/a.png", 404],
  ["secret", 404],
  ["", 404],
])("%s is refused with %i", async (source, status) => {
  await problemOf(ask(source), status);
});
