import type { Board, Pin, PinPage, SavePage } from "@vitrine/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { board, call, type Person, person, pinOfWords, png, problemOf, read, upload } from "./testing/api.ts";

let ada: Person;
let bob: Person;
let eve: Person;
let secret: Board;
let pin: Pin;

/** ada owns a secret board, bob works on it, eve must not learn that it exists. */
beforeAll(async () => {
  [ada, bob, eve] = await Promise.all([person("secret-ada"), person("secret-bob"), person("secret-eve")]);
  secret = await board(ada, "secret", "Plans");
  await read(call("PUT", `/v1/boards/${secret.id}/collaborators/${bob.id}`, { token: ada.writer }), 200);
  pin = await read<Pin>(upload(bob, secret, png(1)), 202);
});

const unknownPin = "pin_01j9zq4k3m8x7c2v5b";
const unknownBoard = "brd_01j9zq4k3m8x7c2v5b";

describe("what is on a secret board is answered to others as if it were not there", () => {
  type Ask = [string, string, (id: { pin: string; board: string }) => [path: string, json?: unknown]];
  const asks: Ask[] = [
    ["reading the board", "GET", (id) => [`/v1/boards/${id.board}`]],
    ["listing its pins", "GET", (id) => [`/v1/boards/${id.board}/pins`]],
    ["changing it", "PATCH", (id) => [`/v1/boards/${id.board}`, { visibility: "public" }]],
    ["deleting it", "DELETE", (id) => [`/v1/boards/${id.board}`]],
    ["joining it", "PUT", (id) => [`/v1/boards/${id.board}/collaborators/${eve.id}`]],
    ["leaving it", "DELETE", (id) => [`/v1/boards/${id.board}/collaborators/${eve.id}`]],
    ["pinning to it", "POST", (id) => ["/v1/pins", { boardId: id.board, title: "hello" }]],
    ["reading a pin of it", "GET", (id) => [`/v1/pins/${id.pin}`]],
    ["changing a pin of it", "PATCH", (id) => [`/v1/pins/${id.pin}`, { title: "mine" }]],
    ["deleting a pin of it", "DELETE", (id) => [`/v1/pins/${id.pin}`]],
    ["trying a pin of it again", "POST", (id) => [`/v1/pins/${id.pin}/retry`]],
    ["signing a URL", "POST", (id) => [`/v1/pins/${id.pin}/signed-url`, { preset: "feed" }]],
    ["saving a pin of it", "POST", (id) => ["/v1/saves", { pinId: id.pin }]],
    ["following it", "PUT", (id) => [`/v1/follows/${id.board}`]],
    ["a rendition", "GET", (id) => [`/i/${id.pin}/feed`]],
    ["the original", "GET", (id) => [`/i/${id.pin}/original`]],
  ];

  test.for(asks)("%s", async ([, method, make]) => {
    const [path, json] = make({ pin: pin.id, board: secret.id });
    const [nowhere, nothing] = make({ pin: unknownPin, board: unknownBoard });
    const told = await problemOf(call(method, path, { token: eve.writer, json }), 404);
    expect(told).toEqual(await problemOf(call(method, nowhere, { token: eve.writer, json: nothing }), 404));
    if (method === "GET") await problemOf(call(method, path), 404);
  });

  test("saving to it", async () => {
    const open = await pinOfWords(ada, await board(ada));
    const json = { pinId: open.id, boardId: secret.id };
    const unknown = { pinId: open.id, boardId: unknownBoard };
    const told = await problemOf(call("POST", "/v1/saves", { token: eve.writer, json }), 404);
    expect(told).toEqual(await problemOf(call("POST", "/v1/saves", { token: eve.writer, json: unknown }), 404));
  });

  test("nothing of this changed anything", async () => {
    const kept = await read<Board>(call("GET", `/v1/boards/${secret.id}`, { token: ada.reader }), 200);
    expect(kept).toMatchObject({ visibility: "secret", name: "Plans", collaborators: [bob.id] });
    expect((await read<Pin>(call("GET", `/v1/pins/${pin.id}`, { token: bob.reader }), 200)).title).toBe("A picture");
  });
});

describe("lists leave out what the caller does not see", () => {
  test("boards of a user", async () => {
    const listed = async (token?: string) =>
      JSON.stringify(await read(call("GET", `/v1/users/${ada.id}/boards`, { token }), 200)).includes(secret.id);
    expect([await listed(), await listed(eve.reader)]).toEqual([false, false]);
    expect([await listed(ada.reader), await listed(bob.reader)]).toEqual([true, true]);
  });

  test("boards that somebody works on", async () => {
    const listed = async (token?: string) =>
      JSON.stringify(await read(call("GET", `/v1/users/${bob.id}/boards`, { token }), 200)).includes(secret.id);
    expect([await listed(), await listed(eve.reader), await listed(bob.reader)]).toEqual([false, false, true]);
  });

  test("saves to a secret board, and saves of pins on one", async () => {
    const open = await pinOfWords(ada, await board(ada), "open");
    await read(call("POST", "/v1/saves", { token: bob.writer, json: { pinId: open.id, boardId: secret.id } }), 201);
    await read(call("POST", "/v1/saves", { token: bob.writer, json: { pinId: pin.id } }), 201);
    const seen = async (token?: string) =>
      (await read<SavePage>(call("GET", `/v1/users/${bob.id}/saves`, { token }), 200)).items.length;
    expect([await seen(), await seen(eve.reader), await seen(ada.reader), await seen(bob.reader)]).toEqual([
      0, 0, 2, 2,
    ]);
    const { items } = await read<SavePage>(call("GET", `/v1/users/${bob.id}/saves`, { token: bob.reader }), 200);
    const publicBoard = items.find((save) => save.pinId === pin.id)?.boardId;
    const onPublicBoard = await read<PinPage>(call("GET", `/v1/boards/${publicBoard}/pins`), 200);
    expect(onPublicBoard.items).toEqual([]);
  });

  test("the twin of a picture on a secret board", async () => {
    const mine = await board(eve);
    const copy = await read<Pin>(upload(eve, mine, png(1)), 202);
    expect(copy.duplicateOf).toBeNull();
    const shared = await read<Pin>(upload(ada, await board(ada), png(1)), 202);
    expect(shared.duplicateOf).toBe(pin.id);
  });
});

describe("members", () => {
  test("see renditions with a token, or by the signed URLs of the pin without one", async () => {
    await read(call("GET", `/i/${pin.id}/original`, { token: bob.reader }).then(drained), 200);
    const { renditions } = await read<Pin>(call("GET", `/v1/pins/${pin.id}`, { token: ada.reader }), 200);
    expect(renditions?.feed).toMatch(/^\/i\/pin_\w+\/feed\?exp=\d+&sig=[0-9a-f]{64}$/);
    const signed = await call("GET", renditions?.feed ?? "");
    expect([signed.status, signed.headers.get("cache-control")?.includes("private")]).toEqual([200, true]);
    await signed.body?.cancel();
    await problemOf(call("GET", (renditions?.feed ?? "").replace("/feed", "/zoom")), 404);
  });

  test("get signed URLs of any preset for as long as they ask", async () => {
    const json = { preset: "original", expiresInSeconds: 60 };
    const path = `/v1/pins/${pin.id}/signed-url`;
    const { url } = await read<{ url: string }>(call("POST", path, { token: bob.reader, json }), 200);
    expect((await drained(await call("GET", url))).status).toBe(200);
    await problemOf(
      call(
        "GET",
        url.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      ),
      404,
    );
    const later = url.replace(/exp=(\d+)/, (_, exp) => `exp=${Number(exp) + 3600}`);
    await problemOf(call("GET", later), 404);
    await problemOf(
      call("POST", path, { token: bob.reader, json: { preset: "original", expiresInSeconds: 1e9 } }),
      400,
    );
  });

  test("who leaves, or is taken off, sees it no more, though the pin was theirs", async () => {
    const plans = await board(ada, "secret", "More plans");
    const member = `/v1/boards/${plans.id}/collaborators/${bob.id}`;
    await read(call("PUT", member, { token: ada.writer }), 200);
    const theirs = await read<Pin>(upload(bob, plans, png(2)), 202);
    await drained(await call("GET", `/i/${theirs.id}/original`, { token: bob.reader }));
    await read(call("DELETE", member, { token: ada.writer }), 204);
    for (const path of [`/v1/pins/${theirs.id}`, `/v1/boards/${plans.id}`, `/i/${theirs.id}/original`]) {
      await problemOf(call("GET", path, { token: bob.reader }), 404);
    }
    await problemOf(call("PATCH", `/v1/pins/${theirs.id}`, { token: bob.writer, json: { title: "still mine" } }), 404);
    await problemOf(call("DELETE", `/v1/pins/${theirs.id}`, { token: bob.writer }), 404);
    expect((await read<Pin>(call("GET", `/v1/pins/${theirs.id}`, { token: ada.reader }), 200)).title).toBe("A picture");
  });

  test("a board that turns secret takes its pins and renditions along, and brings them back", async () => {
    const changing = await board(ada);
    const shown = await read<Pin>(upload(ada, changing, png(3)), 202);
    expect((await drained(await call("GET", `/i/${shown.id}/original`))).status).toBe(200);
    const turn = (visibility: string) =>
      read(call("PATCH", `/v1/boards/${changing.id}`, { token: ada.writer, json: { visibility } }), 200);
    await turn("secret");
    for (const path of [`/v1/pins/${shown.id}`, `/i/${shown.id}/original`]) await problemOf(call("GET", path), 404);
    await turn("public");
    for (const path of [`/v1/pins/${shown.id}`, `/i/${shown.id}/original`]) {
      expect((await drained(await call("GET", path))).status).toBe(200);
    }
  });
});

/** The answer without its bytes. */
async function drained(response: Response): Promise<Response> {
  await response.arrayBuffer();
  return new Response(null, response);
}
