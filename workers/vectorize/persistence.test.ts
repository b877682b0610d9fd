import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { refusalOf } from "@vitrine/vectors/conformance";
import { expect, test } from "vitest";

const stub = () => env.INDEX.get(env.INDEX.idFromName("kept"));
const vector = (id: string, ...values: number[]) => ({ id, values: [...values, 0, 0, 0, 0, 0].slice(0, 5) });

test("a fresh object reads what the one before it wrote", async () => {
  const { index, before } = await fill();
  await evictDurableObject(stub());
  expect(await seen(index)).toEqual(before);
});

test("an object that is lost without notice comes back with everything that was answered", async () => {
  const { index, before } = await fill();
  await runInDurableObject(stub(), (_, state) => state.abort("power cut")).catch(() => undefined);
  expect(await seen(index)).toEqual(before);
});

test("a batch that fails in the middle leaves nothing, in memory and on disk", async () => {
  const { index, before } = await fill();
  await runInDurableObject(stub(), (_, { storage }) => {
    storage.sql.exec(`CREATE TRIGGER power_cut BEFORE INSERT ON vectors WHEN NEW.id = 'boom'
                      BEGIN SELECT RAISE(ABORT, 'power cut'); END`);
  });
  const batch = [vector("first", 9), vector("boom", 9), vector("last", 9)];
  expect((await refusalOf(() => index.upsert(batch))).message).toContain("power cut");
  expect(await seen(index)).toEqual(before);
  await evictDurableObject(stub());
  expect(await seen(index)).toEqual(before);
  await runInDurableObject(stub(), (_, { storage }) => storage.sql.exec("DROP TRIGGER power_cut"));
  await index.upsert(batch);
  expect((await index.getByIds(["first", "boom", "last"])).map(({ id }) => id)).toEqual(["first", "boom", "last"]);
  await index.deleteByIds(["first", "boom", "last"]);
});

test("a metadata index that is made later covers only what is written after it", async () => {
  await env.KEPT.upsert([{ ...vector("early", 1), metadata: { note: "red" } }]);
  await evictDurableObject(stub());
  const later = env.KEPT_WITH_NEW_INDEX;
  await later.upsert([{ ...vector("late", 1), metadata: { note: "red" } }]);
  const { matches } = await later.query([1, 0, 0, 0, 0], { filter: { note: "red" } });
  expect(matches.map(({ id }) => id)).toEqual(["late"]);
  await later.deleteByIds(["early", "late"]);
  await evictDurableObject(stub());
});

test("an index does not change its dimensions", async () => {
  await fill();
  await evictDurableObject(stub());
  const error = await refusalOf(() => env.KEPT_OTHERWISE.describe());
  expect(error.message).toContain("made with 5 dimensions, euclidean");
});

async function fill() {
  const index = env.KEPT;
  await index.upsert([
    { ...vector("a", 1, 0.1), namespace: "n", metadata: { category: "shoes", note: "Grüße" } },
    { ...vector("b", 2), metadata: { createdAt: 5 } },
    vector("c", 3),
  ]);
  await index.deleteByIds(["c"]);
  return { index, before: await seen(index) };
}

/** Everything that a caller can see of the index, in one value. */
async function seen(index: typeof env.KEPT) {
  const query = [1, 0, 0, 0, 0];
  return {
    details: await index.describe(),
    vectors: await index.getByIds(["a", "b", "c"]),
    matches: await index.query(query, { returnValues: true, returnMetadata: "all" }),
    inNamespace: await index.query(query, { namespace: "n", returnMetadata: "indexed" }),
    filtered: await index.query(query, { filter: { createdAt: { $gte: 5 } } }),
  };
}
