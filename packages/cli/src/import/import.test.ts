import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@vitrine/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { importPictures, type Picture } from "./import.ts";
import { openManifest } from "./manifest.ts";

/** An API over HTTP that keeps pins by idempotency key, and makes them ready when asked the second time. */
interface Api {
  url: string;
  pinIdOfKey: Map<string, string>;
  posts: number;
  /** Answers instead of the API, once for each. */
  interruptions: { status: number; detail?: string }[];
}

let folder: string;
let server: Server;
let api: Api;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-import-"));
  api = { url: "", pinIdOfKey: new Map(), posts: 0, interruptions: [] };
  const asked = new Map<string, number>();
  server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const body = await textOf(request);
    const pinId = /^\/v1\/pins\/(\w+)$/.exec(request.url ?? "")?.[1];
    if (request.url?.startsWith("/v1/pins?status=provisional")) {
      return answer(200, { items: [], cursor: null });
    }
    if (request.url?.startsWith("/v1/boards/")) {
      const items = [...api.pinIdOfKey.values()].map((id) => ({ id, status: asked.has(id) ? "ready" : "provisional" }));
      return answer(200, { items, cursor: null });
    }
    if (pinId) {
      asked.set(pinId, (asked.get(pinId) ?? 0) + 1);
      const status = (asked.get(pinId) ?? 0) > 1 ? "ready" : "provisional";
      return answer(200, { id: pinId, status, failure: null });
    }
    api.posts++;
    const interruption = api.interruptions.shift();
    if (interruption) return answer(interruption.status, { detail: interruption.detail });
    if (body.includes("not a picture")) return answer(422, { code: "unprocessable-image", detail: "Send a picture." });
    const key = String(request.headers["idempotency-key"]);
    if (!api.pinIdOfKey.has(key)) api.pinIdOfKey.set(key, `pin_${api.pinIdOfKey.size}`);
    return answer(202, { id: api.pinIdOfKey.get(key), status: "provisional" });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

function pictures(...contents: string[]): Picture[] {
  const owner = createClient({ baseUrl: api.url });
  return contents.map((content, index) => ({
    label: `${index}.jpg`,
    fingerprint: `${index}.jpg ${content}`,
    boardId: "brd_1",
    title: "",
    category: "things",
    owner,
    load: async () => {
      if (content === "unreadable") throw new Error("no permission");
      return { bytes: new Blob([content]), idempotencyKey: `key ${content}` };
    },
  }));
}

function run(list: Picture[], signal = new AbortController().signal) {
  const manifest = openManifest(folder, ["test"]);
  const service = createClient({ baseUrl: api.url });
  return importPictures({
    pictures: list,
    manifest,
    service,
    signal,
    pollMillis: 10,
    isTerminal: false,
    print: () => {},
  });
}

test("all pictures become ready, and a second run sends nothing", async () => {
  const first = await run(pictures("a", "b", "c"));
  expect(first).toMatchObject({ imported: 3, failures: [], unfinished: 0 });
  expect([...first.pinIds.values()].toSorted()).toEqual(["pin_0", "pin_1", "pin_2"]);
  const second = await run(pictures("a", "b", "c"));
  expect(second).toMatchObject({ imported: 0, failures: [] });
  expect(second.pinIds).toEqual(first.pinIds);
  expect(api.posts).toBe(3);
});

test("bad pictures are told with their sentences, and the others go in", async () => {
  const report = await run(pictures("a", "not a picture", "unreadable", "b"));
  expect(report.imported).toBe(2);
  expect(report.failures).toEqual(
    expect.arrayContaining([
      { label: "1.jpg", reason: "Send a picture." },
      { label: "2.jpg", reason: "It could not be read: no permission." },
    ]),
  );
});

test("a picture that the server refused is not sent again", async () => {
  await run(pictures("not a picture"));
  expect(await run(pictures("not a picture"))).toMatchObject({ imported: 0, failures: [] });
  expect(api.posts).toBe(1);
});

test("a lost manifest makes no doubles", async () => {
  await run(pictures("a", "b"));
  rmSync(folder, { recursive: true });
  await run(pictures("a", "b"));
  expect(api.pinIdOfKey.size).toBe(2);
});

test("a manifest that outlived the server's data counts for nothing", async () => {
  await run(pictures("a", "b"));
  api.pinIdOfKey.clear();
  expect(await run(pictures("a", "b"))).toMatchObject({ imported: 2 });
});

test("an overloaded server is asked again", async () => {
  api.interruptions = [{ status: 503 }, { status: 429 }];
  expect(await run(pictures("a", "b"))).toMatchObject({ imported: 2, failures: [] });
});

test("a server at fault ends the import with its sentence", async () => {
  api.interruptions = [{ status: 500, detail: "Broken." }];
  await expect(run(pictures("a"))).rejects.toThrow("Broken.");
});

test("broken off and begun again, the rest comes in", async () => {
  const stop = new AbortController();
  const some = pictures("a", "b", "c");
  const load = some[2]?.load;
  if (some[2] && load) {
    some[2].load = () => {
      stop.abort();
      return load();
    };
  }
  await expect(run(some, stop.signal)).rejects.toThrow();
  const report = await run(pictures("a", "b", "c"));
  expect(report.failures).toEqual([]);
  expect(report.pinIds.size).toBe(3);
  expect(api.pinIdOfKey.size).toBe(3);
});
