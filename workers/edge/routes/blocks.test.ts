import { env } from "cloudflare:workers";
import { type Block, type BlockPage, limits } from "@vitrine/contracts";
import { beforeAll, expect, test } from "vitest";
import { defaultRegion } from "../adapters/region.ts";
import { call, type Person, person, problemOf, read } from "../testing/api.ts";

let ada: Person;
let bob: Person;
let eve: Person;
beforeAll(async () => {
  [ada, bob, eve] = await Promise.all([person("blocks-ada"), person("blocks-bob"), person("blocks-eve")]);
});

const put = (who: Person, id: string) => call("PUT", `/v1/users/${id}/block`, { token: who.writer });
const end = (who: Person, id: string) => read(call("DELETE", `/v1/users/${id}/block`, { token: who.writer }), 204);
const blocked = async (who: Person) => {
  const { items } = await read<BlockPage>(call("GET", "/v1/blocks", { token: who.reader }), 200);
  return items.map(({ userId }) => userId);
};
const knownHere = async (who: Person) => {
  const region = env.REGION_STORE.get(env.REGION_STORE.idFromName(defaultRegion));
  const { relations } = await region.recent(who.id, 1);
  return relations.map(({ relation, targetId, holds }) => ({ relation, targetId, holds }));
};

test("a block is one however often it is made, is listed for its maker alone, and ends", async () => {
  const first = await read<Block>(put(ada, bob.id), 201);
  expect(first).toEqual({ userId: bob.id, createdAt: expect.any(String) });
  expect(await read<Block>(put(ada, bob.id), 200)).toEqual(first);
  await read(put(ada, eve.id), 201);
  expect((await blocked(ada)).sort()).toEqual([bob.id, eve.id].sort());
  expect(await blocked(bob)).toEqual([]);
  await end(ada, eve.id);
  await end(ada, eve.id);
  expect(await blocked(ada)).toEqual([bob.id]);
});

test("the region knows of a block and of its end before the answer", async () => {
  await read(put(eve, bob.id), 201);
  expect(await knownHere(eve)).toEqual([{ relation: "block", targetId: bob.id, holds: true }]);
  await end(eve, bob.id);
  expect(await knownHere(eve)).toEqual([{ relation: "block", targetId: bob.id, holds: false }]);
});

test("oneself, who is not there, and what is no user are refused", async () => {
  await problemOf(put(ada, ada.id), 400);
  await problemOf(put(ada, "usr_01j9zq4k3m8x7c2v5b"), 404);
  await problemOf(put(ada, "brd_01j9zq4k3m8x7c2v5b"), 400);
  await problemOf(call("PUT", `/v1/users/${bob.id}/block`, { token: ada.reader }), 403);
  await problemOf(call("GET", "/v1/blocks"), 401);
});

test("beyond the limit another block is refused, and what was blocked before stays", async () => {
  const full = await person("blocks-full");
  await read(put(full, bob.id), 201);
  await env.DB_0.prepare(
    `INSERT INTO blocks (blocker_id, blocked_id, created_at)
       WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT ?, 'usr_' || i, i FROM n`,
  )
    .bind(limits.maxBlocksPerUser, full.id)
    .run();
  expect((await problemOf(put(full, eve.id), 409)).detail).toContain("1000");
  await read(put(full, bob.id), 200);
});
