import { afterEach, expect, test } from "vitest";
import { createClient } from "./client.ts";
import { VitrineError } from "./error.ts";
import { type Answer, hangUp, json, silence, startTestServer, type TestServer } from "./testing/test-server.ts";
import type { TransportOptions } from "./transport.ts";

const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function clientOf(options: Partial<TransportOptions>, ...answers: [Answer, ...Answer[]]) {
  const server = await startTestServer(...answers);
  servers.push(server);
  return { server, client: createClient({ baseUrl: server.baseUrl, random: () => 0.01, ...options }) };
}

const failure = (call: Promise<unknown>): Promise<VitrineError> =>
  call.then(
    () => expect.unreachable("the call succeeded"),
    (error) => {
      expect(error).toBeInstanceOf(VitrineError);
      return error;
    },
  );

const busy = json({ code: "unavailable", detail: "The database is away; try again." }, 503, { "retry-after": "0" });

test("a call carries the token, the query and the user it acts for", async () => {
  const { client, server } = await clientOf({ token: "secret" }, json({ items: [], cursor: null }));
  await client.feed.page({ limit: 30, region: "weur", user: "usr_1", cursor: null });
  expect(server.requests[0]).toMatchObject({ method: "GET", url: "/v1/feed?limit=30&region=weur&user=usr_1" });
  expect(server.requests[0]?.headers.authorization).toBe("Bearer secret");
});

test("a token function is asked before every call", async () => {
  const tokens = ["first", null];
  const { client, server } = await clientOf({ token: () => tokens.shift() }, json({ status: "ok" }));
  await client.health();
  await client.health();
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer first", undefined]);
});

test("a problem becomes an error with status, code, message and the time to wait", async () => {
  const problem = json({ code: "too-many-requests", detail: "Slow down." }, 429, { "retry-after": "60" });
  const { client, server } = await clientOf({}, problem);
  const error = await failure(client.pins.get("pin_1"));
  expect(error).toMatchObject({ status: 429, code: "too-many-requests", message: "Slow down.", retryAfterSeconds: 60 });
  expect(server.requests).toHaveLength(1);
});

test("a page of a proxy becomes an error too", async () => {
  const { client } = await clientOf({}, (response) => response.writeHead(502).end("<h1>Bad gateway</h1>"));
  expect(await failure(client.health())).toMatchObject({ status: 502, code: "unavailable" });
});

test("an answer that is not JSON says so", async () => {
  const { client } = await clientOf({}, (response) => response.writeHead(200).end("<!doctype html>"));
  expect(await failure(client.health())).toMatchObject({ status: 200, code: "unreadable-answer" });
});

test("reads are tried again after a broken connection and after 503", async () => {
  const { client, server } = await clientOf({}, hangUp, busy, json({ id: "pin_1" }));
  expect(await client.pins.get("pin_1")).toEqual({ id: "pin_1" });
  expect(server.requests).toHaveLength(3);
});

test("tries are bounded", async () => {
  const { client, server } = await clientOf({}, busy);
  expect(await failure(client.pins.get("pin_1"))).toMatchObject({ status: 503 });
  expect(server.requests).toHaveLength(3);
});

test("what could be done twice is tried once", async () => {
  const { client, server } = await clientOf({}, hangUp, json({ id: "brd_1" }));
  expect(await failure(client.boards.create({ name: "Shoes" }))).toMatchObject({ status: 0, code: "network" });
  expect(server.requests).toHaveLength(1);
});

test("an upload sends the picture, its words and one key for all tries", async () => {
  const { client, server } = await clientOf({}, busy, json({ id: "pin_1", status: "provisional" }, 202));
  await client.pins.upload(new Blob(["picture bytes"], { type: "image/png" }), { boardId: "brd_1", title: "A shoe" });
  const [first, second] = server.requests;
  expect(second?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
  expect(second?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
  expect(second?.body).toContain('name="file"');
  expect(second?.body).toContain("picture bytes");
  expect(second?.body).toMatch(/name="title"\r\n\r\nA shoe/);
});

test("a deadline covers a call that is never answered", async () => {
  const { client } = await clientOf({ timeoutMillis: 50 }, silence);
  expect(await failure(client.health())).toMatchObject({ status: 0, code: "timeout" });
});

test("a caller that aborts gets its own reason", async () => {
  const { client, server } = await clientOf({}, silence);
  const controller = new AbortController();
  const call = client.health({ signal: controller.signal });
  controller.abort(new Error("the page was left"));
  await expect(call).rejects.toThrow("the page was left");
  expect(server.requests.length).toBeLessThanOrEqual(1);
});

test("an answer without a body is no error", async () => {
  const { client, server } = await clientOf({}, (response) => response.writeHead(204).end());
  expect(await client.saves.delete("pin_1")).toBeUndefined();
  expect(server.requests[0]?.method).toBe("DELETE");
});

test("the pages of a feed are asked for one at a time, to the end", async () => {
  const { client, server } = await clientOf(
    {},
    json({ items: ["a"], cursor: "two" }),
    json({ items: ["b"], cursor: null }),
  );
  const seen: number[] = [];
  for await (const page of client.feed.pages({ limit: 1 })) seen.push(page.items.length * server.requests.length);
  expect(seen).toEqual([1, 2]);
  expect(server.requests.map(({ url }) => url)).toEqual(["/v1/feed?limit=1", "/v1/feed?limit=1&cursor=two"]);
});

test("waiting for a pin ends when it is ready", async () => {
  const { client, server } = await clientOf({}, json({ status: "provisional" }), json({ status: "ready" }));
  expect(await client.pins.settled("pin_1", { intervalMillis: 1 })).toEqual({ status: "ready" });
  expect(server.requests).toHaveLength(2);
});

test("waiting for a pin ends at its time, with a word", async () => {
  const { client } = await clientOf({}, json({ status: "provisional" }));
  const error = await failure(client.pins.settled("pin_1", { intervalMillis: 5, withinMillis: 40 }));
  expect(error).toMatchObject({ code: "timeout", message: expect.stringContaining("still provisional") });
});
