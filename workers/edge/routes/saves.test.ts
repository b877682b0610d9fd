import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Board, BoardPage, FollowPage, Pin, Save, SavePage, UserId } from "@vitrine/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { defaultRegion } from "../adapters/region.ts";
import { servicesOf } from "../adapters/services.ts";
import { createApp } from "../app.ts";
import type { Services } from "../context.ts";
import { board, call, type Person, person, pinOfWords, problemOf, read } from "../testing/api.ts";

let ada: Person;
let bob: Person;
let adasBoard: Board;
let pin: Pin;

beforeAll(async () => {
  [ada, bob] = await Promise.all([person("saves-ada"), person("saves-bob")]);
  adasBoard = await board(ada);
  pin = await pinOfWords(ada, adasBoard);
});

const recentSaves = async (userId: UserId) => {
  const region = env.REGION_STORE.get(env.REGION_STORE.idFromName(defaultRegion));
  const { actions } = await region.recent(userId, 100);
  return actions.filter(({ type }) => type === "save").map(({ pinId }) => pinId);
};
const save = (who: Person, json: unknown) => call("POST", "/v1/saves", { token: who.writer, json });
const unsave = (who: Person, query = "") =>
  read(call("DELETE", `/v1/saves/${pin.id}${query}`, { token: who.writer }), 204);

describe("saving", () => {
  test("twice is once: 201, then 200 with the same save", async () => {
    const mine = await board(bob);
    const json = { pinId: pin.id, boardId: mine.id };
    const first = await read<Save>(save(bob, json), 201);
    expect(first).toMatchObject({ pinId: pin.id, boardId: mine.id, userId: bob.id });
    expect(await read(save(bob, json), 200)).toEqual(first);
    expect((await read<Pin>(call("GET", `/v1/pins/${pin.id}`), 200)).saveCount).toBe(1);
    expect(await recentSaves(bob.id)).toEqual([pin.id]);
    await unsave(bob);
  });

  test("without a board goes to the first one, and makes one if there is none, once for racing twins", async () => {
    const eve = await person("saves-eve");
    const answers = await Promise.all([1, 2, 3, 4].map(() => save(eve, { pinId: pin.id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    const { items } = await read<BoardPage>(call("GET", `/v1/users/${eve.id}/boards`), 200);
    expect(items.map(({ name }) => name)).toEqual(["Saves"]);
    await board(eve, "public", "A later one");
    const other = await pinOfWords(ada, adasBoard);
    expect((await read<Save>(save(eve, { pinId: other.id }), 201)).boardId).toBe(items[0]?.id);
  });

  test("is for boards that one works on, and pins that one sees", async () => {
    await problemOf(save(bob, { pinId: pin.id, boardId: adasBoard.id }), 403);
    await problemOf(save(bob, { pinId: "pin_01j9zq4k3m8x7c2v5b" }), 404);
    const nobody = await person("saves-boardless");
    await problemOf(save(nobody, { pinId: "pin_01j9zq4k3m8x7c2v5b" }), 404);
    expect((await read<BoardPage>(call("GET", `/v1/users/${nobody.id}/boards`), 200)).items).toEqual([]);
  });

  test("is answered though the region's store is away, and told to it when sent again", async () => {
    const carl = await person("saves-carl");
    const away = { record: () => Promise.reject(new Error("away")) } as unknown as ReturnType<Services["regionStore"]>;
    const app = createApp(() => ({
      ...servicesOf(env, createExecutionContext(), new Request("https://edge.test/")),
      regionStore: () => away,
    }));
    const headers = { authorization: `Bearer ${carl.writer}`, "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify({ pinId: pin.id }) };
    await read(app.request("/v1/saves", request), 201);
    expect(await recentSaves(carl.id)).toEqual([]);
    await read(save(carl, { pinId: pin.id }), 200);
    expect(await recentSaves(carl.id)).toEqual([pin.id]);
  });
});

describe("unsaving", () => {
  test("takes a pin off one board or all, and is known at once when none is left", async () => {
    const [one, two] = [await board(bob), await board(bob)];
    for (const { id } of [one, two]) await read(save(bob, { pinId: pin.id, boardId: id }), 201);
    const listed = async () => (await read<SavePage>(call("GET", `/v1/users/${bob.id}/saves`), 200)).items;
    expect((await listed()).map(({ boardId }) => boardId).sort()).toEqual([one.id, two.id].sort());
    expect((await listed())[0]?.pin.id).toBe(pin.id);
    await unsave(bob, `?boardId=${one.id}`);
    expect((await listed()).map(({ boardId }) => boardId)).toEqual([two.id]);
    expect(await recentSaves(bob.id)).toContain(pin.id);
    await unsave(bob);
    expect(await listed()).toEqual([]);
    expect(await recentSaves(bob.id)).toEqual([]);
    await unsave(bob);
  });

  test("and saving again is a new save", async () => {
    await read(save(bob, { pinId: pin.id }), 201);
    await unsave(bob);
    await read(save(bob, { pinId: pin.id }), 201);
    expect(await recentSaves(bob.id)).toEqual([pin.id]);
    await unsave(bob);
  });
});

describe("following", () => {
  const follow = (id: string) => call("PUT", `/v1/follows/${id}`, { token: bob.writer });

  test("users and boards, once each, newest first, until it ends", async () => {
    await read(follow(ada.id), 201);
    await read(follow(ada.id), 200);
    await read(follow(adasBoard.id), 201);
    const list = async () => (await read<FollowPage>(call("GET", "/v1/follows", { token: bob.reader }), 200)).items;
    expect((await list()).map(({ targetType }) => targetType).sort()).toEqual(["board", "user"]);
    await read(call("DELETE", `/v1/follows/${ada.id}`, { token: bob.writer }), 204);
    await read(call("DELETE", `/v1/follows/${ada.id}`, { token: bob.writer }), 204);
    expect((await list()).map(({ targetId }) => targetId)).toEqual([adasBoard.id]);
  });

  test("ends to show when the board turns secret", async () => {
    const changing = await board(ada);
    await read(follow(changing.id), 201);
    await call("PATCH", `/v1/boards/${changing.id}`, { token: ada.writer, json: { visibility: "secret" } });
    const page = await read<FollowPage>(call("GET", "/v1/follows", { token: bob.reader }), 200);
    expect(page.items.map(({ targetId }) => targetId)).not.toContain(changing.id);
  });

  test("nobody, oneself, or what is not there is refused", async () => {
    await problemOf(follow(bob.id), 400);
    await problemOf(follow("usr_01j9zq4k3m8x7c2v5b"), 404);
    await problemOf(follow(pin.id), 400);
  });
});
