import { env } from "cloudflare:workers";
import {
  type Board,
  type BoardPage,
  limits,
  type PinPage,
  regions,
  type User,
  type UserPage,
} from "@vitrine/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { board, call, type Person, person, pinOfWords, png, problemOf, read, tokenOf, upload } from "../testing/api.ts";

let ada: Person;
let bob: Person;

beforeAll(async () => {
  [ada, bob] = await Promise.all([person("boards-ada"), person("boards-bob")]);
});

/** All items of a paged list, asked for two at a time, and the pages that it took. */
async function everything<T>(path: string, token?: string): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  let cursor: string | null = "";
  let pages = 0;
  while (cursor !== null) {
    const query: string = cursor === "" ? "?limit=2" : `?limit=2&cursor=${cursor}`;
    const page: { items: T[]; cursor: string | null } = await read(call("GET", path + query, { token }), 200);
    items.push(...page.items);
    cursor = page.cursor;
    pages += 1;
  }
  return { items, pages };
}

describe("users", () => {
  test("are made once for a handle, by racing twins too", async () => {
    const token = await tokenOf(undefined, "service");
    const make = () => call("POST", "/v1/users", { token, json: { handle: "twin", name: "Twin" } });
    const answers = await Promise.all([make(), make(), make()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const users = await Promise.all(answers.map((answer) => answer.json<User>()));
    expect(new Set(users.map(({ id }) => id)).size).toBe(1);
    expect(users[0]).toMatchObject({ handle: "twin", name: "Twin" });
  });

  test("are found by id and by handle", async () => {
    const byHandle = await read<User>(call("GET", "/v1/users/boards-ada"), 200);
    expect(await read(call("GET", `/v1/users/${ada.id}`), 200)).toEqual(byHandle);
    await problemOf(call("GET", "/v1/users/nobody-here"), 404);
    await problemOf(call("GET", "/v1/users/usr_01j9zq4k3m8x7c2v5b"), 404);
  });

  test("may not be called like an id", async () => {
    const token = await tokenOf(undefined, "service");
    await problemOf(call("POST", "/v1/users", { token, json: { handle: ada.id } }), 400);
    await problemOf(call("POST", "/v1/users", { token, json: { handle: "Ada Lovelace" } }), 400);
  });

  test("are listed newest first, each once over the pages", async () => {
    for (let i = 0; i < 5; i++) await person(`listed-${i}`);
    const { items, pages } = await everything<User>("/v1/users");
    const ids = items.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(items.filter(({ handle }) => handle.startsWith("listed-"))).toHaveLength(5);
    expect(pages).toBe(Math.ceil(items.length / 2));
  });

  test("get no board by themselves", async () => {
    const { id } = await person("boards-newcomer");
    expect((await read<BoardPage>(call("GET", `/v1/users/${id}/boards`), 200)).items).toEqual([]);
  });
});

describe("boards", () => {
  test("are read as they were made, and changed by their owner", async () => {
    const json = { name: " Chairs ", description: "To sit on", visibility: "secret" };
    const made = await read<Board>(call("POST", "/v1/boards", { token: ada.writer, json }), 201);
    expect(made).toMatchObject({ name: "Chairs", description: "To sit on", visibility: "secret", ownerId: ada.id });
    const path = `/v1/boards/${made.id}`;
    expect(await read(call("GET", path, { token: ada.reader }), 200)).toEqual(made);
    const renamed = await read<Board>(call("PATCH", path, { token: ada.writer, json: { name: "Stools" } }), 200);
    expect(renamed).toEqual({ ...made, name: "Stools" });
  });

  test("list what was pinned and saved there, newest first, each pin once over the pages", async () => {
    const mine = await board(ada);
    await read(call("PUT", `/v1/boards/${mine.id}/collaborators/${bob.id}`, { token: ada.writer }), 200);
    const elsewhere = await board(bob);
    const saved = [await pinOfWords(bob, elsewhere, "s1"), await pinOfWords(bob, elsewhere, "s2")];
    const made = [];
    for (const title of ["m1", "m2", "m3"]) made.push(await pinOfWords(ada, mine, title));
    // Both members save both, one of them twice, and one pin is saved to the board that it was made on.
    for (const pin of [...saved, ...saved, made[0]]) {
      for (const { writer: token } of [ada, bob]) {
        await call("POST", "/v1/saves", { token, json: { pinId: pin?.id, boardId: mine.id } });
      }
    }
    const { items, pages } = await everything<PinPage["items"][number]>(`/v1/boards/${mine.id}/pins`);
    expect(items.map(({ title }) => title).sort()).toEqual(["m1", "m2", "m3", "s1", "s2"]);
    expect(items.slice(2).map(({ title }) => title)).toEqual(["m3", "m2", "m1"]);
    expect(pages).toBe(3);
  });

  test("show to others only what is ready", async () => {
    const mine = await board(ada);
    await read(upload(ada, mine, png(61)), 202);
    const count = async (token?: string) =>
      (await read<PinPage>(call("GET", `/v1/boards/${mine.id}/pins`, { token }), 200)).items.length;
    expect([await count(), await count(bob.reader), await count(ada.reader)]).toEqual([0, 0, 1]);
  });

  test("are deleted with their pins and all saves of them", async () => {
    const mine = await board(ada);
    const pin = await pinOfWords(ada, mine);
    await read(call("POST", "/v1/saves", { token: bob.writer, json: { pinId: pin.id } }), 201);
    await read(call("DELETE", `/v1/boards/${mine.id}`, { token: ada.writer }), 204);
    await problemOf(call("GET", `/v1/boards/${mine.id}`, { token: ada.reader }), 404);
    await problemOf(call("GET", `/v1/pins/${pin.id}`, { token: ada.reader }), 404);
    const left = await env.DB_0.prepare("SELECT count(*) AS n FROM saves WHERE pin_id = ?").bind(pin.id).first("n");
    expect(left).toBe(0);
  });

  test("that turn secret or go are buried in every region, and restored when they come back", async () => {
    const mine = await board(ada);
    const path = `/v1/boards/${mine.id}`;
    const buriedIn = async () => {
      const buried: string[] = [];
      for (const region of regions) {
        const { tombstones } = await env.REGION_STORE.get(env.REGION_STORE.idFromName(region)).recent(null, 1);
        if (tombstones.some(({ id }) => id === mine.id)) buried.push(region);
      }
      return buried;
    };
    await call("PATCH", path, { token: ada.writer, json: { visibility: "secret" } });
    await expect.poll(buriedIn).toEqual([...regions]);
    await call("PATCH", path, { token: ada.writer, json: { visibility: "public" } });
    await expect.poll(buriedIn).toEqual([]);
    await call("DELETE", path, { token: ada.writer });
    await expect.poll(buriedIn).toEqual([...regions]);
  });
});

describe("collaborators", () => {
  test("pin and save to the board, and neither rename nor delete it", async () => {
    const mine = await board(ada);
    const path = `/v1/boards/${mine.id}`;
    await problemOf(call("POST", "/v1/pins", { token: bob.writer, json: { boardId: mine.id, title: "x" } }), 403);
    const after = await read<Board>(call("PUT", `${path}/collaborators/${bob.id}`, { token: ada.writer }), 200);
    expect(after.collaborators).toEqual([bob.id]);
    expect(await read(call("PUT", `${path}/collaborators/${bob.id}`, { token: ada.writer }), 200)).toEqual(after);
    await pinOfWords(bob, mine);
    await problemOf(call("PATCH", path, { token: bob.writer, json: { name: "bob's" } }), 403);
    await problemOf(call("DELETE", path, { token: bob.writer }), 403);
    await read(call("DELETE", `${path}/collaborators/${bob.id}`, { token: bob.writer }), 204);
    expect(await read<Board>(call("GET", path), 200)).toMatchObject({ collaborators: [] });
  });

  test("exist, are not the owner, and are not more than the limit", async () => {
    const mine = await board(ada);
    const path = `/v1/boards/${mine.id}/collaborators`;
    await problemOf(call("PUT", `${path}/usr_01j9zq4k3m8x7c2v5b`, { token: ada.writer }), 404);
    await problemOf(call("PUT", `${path}/${ada.id}`, { token: ada.writer }), 400);
    const fill = "INSERT INTO board_collaborators SELECT ?, 'usr_' || value, 0 FROM json_each(?)";
    const filled = env.DB_0.prepare(fill);
    const others = JSON.stringify(Array.from({ length: limits.maxCollaboratorsPerBoard }, (_, i) => i));
    await filled.bind(mine.id, others).run();
    expect((await problemOf(call("PUT", `${path}/${bob.id}`, { token: ada.writer }), 409)).detail).toContain("100");
  });
});

test("a page's cursor is taken as it came and refused otherwise", async () => {
  const page = await read<UserPage>(call("GET", "/v1/users?limit=1"), 200);
  expect(page.items).toHaveLength(1);
  for (const cursor of ["nonsense", "!!!", btoa("1.'; DROP TABLE users"), btoa("-1.usr"), "x".repeat(200)]) {
    await problemOf(call("GET", `/v1/users?cursor=${encodeURIComponent(cursor)}`), 400);
  }
  for (const limit of ["0", "-1", "201", "many", "1.5"]) await problemOf(call("GET", `/v1/users?limit=${limit}`), 400);
});
