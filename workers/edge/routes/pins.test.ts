import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Board, Pin, PinPage } from "@vitrine/contracts";
import { limits } from "@vitrine/contracts";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import { createApp } from "../app.ts";
import type { Services } from "../context.ts";
import { toHex } from "../hex.ts";
import { board, call, type Person, person, pinOfWords, png, problemOf, read, tokenOf, upload } from "../testing/api.ts";

let ada: Person;
let stranger: Person;
let mine: Board;
let service: string;

beforeAll(async () => {
  [ada, stranger] = await Promise.all([person("pins-ada"), person("pins-stranger")]);
  service = await tokenOf(undefined, "service");
});
beforeEach(async () => {
  mine = await board(ada);
});

const create = (json: unknown, headers: Record<string, string> = {}) =>
  call("POST", "/v1/pins", { token: ada.writer, json, headers });
const countPins = async () =>
  (await read<PinPage>(call("GET", `/v1/boards/${mine.id}/pins`, { token: ada.reader }), 200)).items.length;

describe("a picture comes in", () => {
  test("as an upload: kept under its hash, provisional, and told where and when to look", async () => {
    const file = png(11);
    const response = await upload(ada, mine, file);
    expect(response.headers.get("retry-after")).toBe("1");
    const location = response.headers.get("location") ?? "";
    const pin = await read<Pin>(response, 202);
    expect(pin).toMatchObject({ status: "provisional", title: "A picture", userId: ada.id, boardId: mine.id });
    expect(pin).toMatchObject({ duplicateOf: null, saveCount: 0, width: null, failure: null });
    expect(pin.renditions?.feed).toBe(`/i/${pin.id}/feed`);
    const again = await call("GET", location);
    expect(again.headers.get("retry-after")).toBe("1");
    expect(await read(again, 200)).toEqual(pin);

    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const original = await env.ORIGINALS.get(toHex(digest));
    expect(original?.httpMetadata?.contentType).toBe("image/png");
    expect(await original?.arrayBuffer()).toEqual(await file.arrayBuffer());
  });

  test("twice: one original, and the second pin says whose twin it is", async () => {
    const first = await read<Pin>(upload(ada, mine, png(12)), 202);
    const second = await read<Pin>(upload(ada, mine, png(12)), 202);
    expect(second.duplicateOf).toBe(first.id);
    await read(call("DELETE", `/v1/pins/${first.id}`, { token: ada.writer }), 204);
    const third = await read<Pin>(upload(ada, mine, png(12)), 202);
    expect(third.duplicateOf).toBe(second.id);
  });

  test.each([
    "http://127.0.0.1/a.jpg",
    "http://169.254.169.254/latest",
    "https://[::1]/a.jpg",
    "http://localhost/a.jpg",
  ])("never by the private URL %s, which is refused before a pin is made", async (imageUrl) => {
    expect(await problemOf(create({ boardId: mine.id, imageUrl }), 422)).toMatchObject({ code: "url-not-allowed" });
    expect(await countPins()).toBe(0);
  });

  test("by URL, to be fetched later", async () => {
    const pin = await read<Pin>(create({ boardId: mine.id, imageUrl: "https://pictures.example/a.jpg" }), 202);
    expect(pin).toMatchObject({ status: "provisional", renditions: null });
  });

  test("as words alone, ready at once", async () => {
    const json = {
      boardId: mine.id,
      title: " A word ",
      description: "More",
      link: "https://a.example/",
      category: "Art ",
    };
    const pin = await read<Pin>(create(json), 201);
    const words = { title: "A word", description: "More", link: "https://a.example/", category: "art" };
    expect(pin).toMatchObject({ ...words, status: "ready", renditions: null });
    await problemOf(create({ boardId: mine.id }), 400);
  });
});

describe("what is refused, before anything is kept", () => {
  const huge = new Uint8Array(limits.maxUploadBytes + 1);
  const noPicture = new Blob(["hello, this is text, not a picture"], { type: "image/png" });
  const refused: [string, number, () => Promise<Response>][] = [
    ["a file that is no picture, whatever it is called", 415, () => upload(ada, mine, noPicture)],
    ["an empty file", 415, () => upload(ada, mine, new Blob([]))],
    ["a picture that claims 101 megapixels", 413, () => upload(ada, mine, png(1, { width: 10_100, height: 10_000 }))],
    ["a header that is cut off", 422, () => upload(ada, mine, png(1).slice(0, 20))],
    ["a file over the limit", 413, () => upload(ada, mine, new Blob([huge]))],
    ["a body over the limit", 413, () => upload(ada, mine, new Blob([huge, huge.slice(0, limits.maxJsonBytes)]))],
    ["JSON over the limit", 413, () => create({ boardId: mine.id, title: "x", more: "y".repeat(limits.maxJsonBytes) })],
    ["an upload to a board of somebody else", 403, () => upload(stranger, mine, png(13))],
    ["an upload to no board", 400, () => upload(ada, { ...mine, id: "" as Board["id"] }, png(1))],
    ["a body of another type", 415, () => call("POST", "/v1/pins", { token: ada.writer, body: "picture" })],
    [
      "a key that is too long",
      400,
      () => create({ boardId: mine.id, title: "x" }, { "idempotency-key": "k".repeat(129) }),
    ],
  ];

  test.for(refused)("%s", async ([, status, make]) => {
    const before = (await env.ORIGINALS.list()).objects.length;
    const problem = await problemOf(make(), status);
    expect(problem.detail).toMatch(/^[A-Z].{10,}\.$/);
    expect((await env.ORIGINALS.list()).objects.length).toBe(before);
    expect(await countPins()).toBe(0);
  });

  test("a body without a length is counted while it is read", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1 << 20;
        controller.enqueue(new Uint8Array(1 << 20));
      },
    });
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    await problemOf(call("POST", "/v1/pins", { token: ada.writer, body: endless, headers }), 413);
    expect(sent).toBeLessThan(limits.maxUploadBytes * 2);
  });
});

describe("the same key", () => {
  test("answers the same pin and makes no double", async () => {
    const headers = { "idempotency-key": "import-1" };
    const first = await read<Pin>(upload(ada, mine, png(21), headers), 202);
    const second = await read<Pin>(upload(ada, mine, png(21), headers), 202);
    expect(second).toEqual(first);
    expect(await countPins()).toBe(1);
    const words = { "idempotency-key": "words-1" };
    const made = await read<Pin>(create({ boardId: mine.id, title: "once" }, words), 201);
    expect(await read(create({ boardId: mine.id, title: "once" }, words), 200)).toEqual(made);
  });

  test("of racing twins makes one", async () => {
    const headers = { "idempotency-key": "race-1" };
    const twins = await Promise.all(
      Array.from({ length: 8 }, () => read<Pin>(upload(ada, mine, png(22), headers), 202)),
    );
    expect(new Set(twins.map((pin) => pin.id)).size).toBe(1);
    expect(await countPins()).toBe(1);
    expect(twins.every((pin) => pin.duplicateOf === null)).toBe(true);
  });

  test("of another user is another key", async () => {
    const eve = await person("pins-eve");
    const theirs = await board(eve);
    const headers = { "idempotency-key": "shared-1" };
    const first = await read<Pin>(upload(ada, mine, png(23), headers), 202);
    const second = await read<Pin>(upload(eve, theirs, png(23), headers), 202);
    expect(second.id).not.toBe(first.id);
  });

  test("whose pin was deleted is used up", async () => {
    const headers = { "idempotency-key": "gone-1" };
    const pin = await read<Pin>(upload(ada, mine, png(24), headers), 202);
    await read(call("DELETE", `/v1/pins/${pin.id}`, { token: ada.writer }), 204);
    await problemOf(upload(ada, mine, png(24), headers), 410);
  });
});

describe("when something is down", () => {
  const appWithout = (broken: Partial<Services>) => {
    const context = createExecutionContext();
    const app = createApp(() => ({ ...servicesOf(env, context, new Request("https://edge.test/")), ...broken }));
    return { app, settled: () => waitOnExecutionContext(context) };
  };
  const form = (seed: number) => {
    const body = new FormData();
    body.set("boardId", mine.id);
    body.set("file", png(seed), "a.png");
    return { method: "POST", body, headers: { authorization: `Bearer ${ada.writer}` } };
  };

  test("a pin is kept though the queue takes no word of it", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const away = () => Promise.reject(new Error("the queue is away"));
    const picturesQueue = { send: away, sendBatch: away };
    const { app, settled } = appWithout({ picturesQueue });
    const pin = await read<Pin>(app.request("/v1/pins", form(31)), 202);
    await settled();
    expect((await read<Pin>(call("GET", `/v1/pins/${pin.id}`), 200)).status).toBe("provisional");
    expect(logged).toHaveBeenCalled();
    logged.mockRestore();
  });

  test("no row and no message tell of a picture that could not be kept", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const send = vi.fn();
    const down = () => Promise.reject(new Error("the bucket is away"));
    const originals = { head: down, put: down } as unknown as R2Bucket;
    const { app } = appWithout({ originals, picturesQueue: { send, sendBatch: send } });
    const response = await app.request("/v1/pins", form(32));
    expect(response.headers.get("retry-after")).toBe("5");
    await problemOf(response, 503);
    expect([await countPins(), send.mock.calls.length]).toEqual([0, 0]);
    logged.mockRestore();
  });

  test("a deleted pin stays deleted though regions and index are away", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const pin = await pinOfWords(ada, mine);
    const away = () => Promise.reject(new Error("away"));
    const { app, settled } = appWithout({
      regionStore: () => ({ bury: away }) as unknown as ReturnType<Services["regionStore"]>,
      visualIndex: { deleteByIds: away } as unknown as Services["visualIndex"],
    });
    const request = { method: "DELETE", headers: { authorization: `Bearer ${ada.writer}` } };
    await read(app.request(`/v1/pins/${pin.id}`, request), 204);
    await settled();
    await problemOf(call("GET", `/v1/pins/${pin.id}`), 404);
    logged.mockRestore();
  });
});

describe("a pin that is there", () => {
  test("has its words corrected, and keeps what is not named", async () => {
    const pin = await read<Pin>(create({ boardId: mine.id, title: "old", link: "https://a.example/" }), 201);
    const patch = (json: unknown) => read<Pin>(call("PATCH", `/v1/pins/${pin.id}`, { token: ada.writer, json }), 200);
    expect(await patch({ title: "new" })).toMatchObject({ title: "new", link: "https://a.example/" });
    expect(await patch({ link: null, description: "d" })).toMatchObject({ title: "new", link: null, description: "d" });
  });

  test("is deleted with its saves, by its creator or the owner of its board", async () => {
    const bob = await person("pins-bob");
    await read(call("PUT", `/v1/boards/${mine.id}/collaborators/${bob.id}`, { token: ada.writer }), 200);
    const pin = await pinOfWords(bob, mine);
    await read(call("POST", "/v1/saves", { token: bob.writer, json: { pinId: pin.id } }), 201);
    await read(call("DELETE", `/v1/pins/${pin.id}`, { token: ada.writer }), 204);
    await problemOf(call("GET", `/v1/pins/${pin.id}`), 404);
    const saves = await read<{ items: unknown[] }>(
      call("GET", `/v1/users/${bob.id}/saves`, { token: bob.reader }),
      200,
    );
    expect(saves.items).toEqual([]);
    const left = await env.DB_0.prepare("SELECT count(*) AS n FROM saves WHERE pin_id = ?").bind(pin.id).first("n");
    expect(left).toBe(0);
  });

  test("that failed is listed for operators, and tried again", async () => {
    const pin = await read<Pin>(upload(ada, mine, png(41)), 202);
    const fail = "UPDATE pins SET status = 'failed', failure = 'It is broken.' WHERE id = ?";
    await env.DB_0.prepare(fail).bind(pin.id).run();
    const failed = await read<Pin>(call("GET", `/v1/pins/${pin.id}`, { token: ada.reader }), 200);
    expect(failed).toMatchObject({ status: "failed", failure: "It is broken.", renditions: null });
    const list = () => read<PinPage>(call("GET", "/v1/pins?status=failed", { token: service }), 200);
    expect((await list()).items.map(({ id }) => id)).toEqual([pin.id]);
    const retried = await read<Pin>(call("POST", `/v1/pins/${pin.id}/retry`, { token: service }), 202);
    expect(retried).toMatchObject({ status: "provisional", failure: null });
    expect((await list()).items).toEqual([]);
  });
});
