import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { newUserId } from "@vitrine/contracts";
import { encodeUserEmbedding, userEmbeddingKey } from "@vitrine/ranking";
import { expect, test, vi } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import type { Services } from "../context.ts";
import { bindings } from "../testing/catalogue.ts";
import { noCalls } from "./calls.ts";
import { readUserEmbedding } from "./user-embedding.ts";

const users = Array.from({ length: 100 }, (_, i) => newUserId(`new-${i}`, { now: 1, random: i / 100 }));

test("of many new users at once some are embedded, and the others are answered without, and have theirs next", async () => {
  const context = createExecutionContext();
  const services = servicesOf(bindings, context, new Request("http://edge/"));
  let atOnce = 0;
  let most = 0;
  const hold = <T>(work: Promise<T>): Promise<T> => {
    most = Math.max(most, ++atOnce);
    return work.finally(() => atOnce--);
  };
  const databases: Services["databases"] = {
    ...services.databases,
    forId: (id) => {
      const database = services.databases.forId(id);
      const batch: typeof database.batch = (statements) => hold(database.batch(statements));
      return Object.assign(Object.create(database), { batch });
    },
  };
  const calls = noCalls();
  const ask = (userId: (typeof users)[number]) =>
    readUserEmbedding({ ...services, databases }, userId, { model: null, calls });
  const answers = await Promise.all(users.map(ask));
  const made = answers.filter(({ embedding }) => embedding !== null);
  expect(made.length).toBeGreaterThan(0);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(6);
  expect(calls.d1).toBe(made.length);
  expect(answers.every(({ embedding, isPartial }) => isPartial === (embedding === null))).toBe(true);
  const without = users.find((_, i) => answers[i]?.isPartial) as (typeof users)[number];
  await waitOnExecutionContext(context);
  const now = Date.now();
  const later = vi.spyOn(Date, "now").mockImplementation(() => now + 3_000);
  expect((await ask(without)).embedding).not.toBeNull();
  later.mockRestore();
});

test("what was read from KV stays in memory, decoded, and is not read again within a minute", async () => {
  const user = newUserId("scroller", { now: 1, random: 0.5 });
  const nothing = { clusters: [], follows: [], blocked: [], owned: [], collaborative: null };
  const kept = { ...nothing, through: 1, knownPins: new Set([7]) };
  await bindings.KV.put(userEmbeddingKey(user), encodeUserEmbedding(kept));
  const context = createExecutionContext();
  const services = servicesOf(bindings, context, new Request("http://edge/"));
  let reads = 0;
  const get = (key: string) => {
    reads += 1;
    return services.kv.get(key, "arrayBuffer");
  };
  const kv = { get } as unknown as KVNamespace;
  const ask = () => readUserEmbedding({ ...services, kv }, user, { model: null, calls: noCalls() });
  const first = await ask();
  await waitOnExecutionContext(context);
  expect([...(first.embedding?.knownPins ?? [])]).toEqual([7]);
  expect((await ask()).embedding).toBe(first.embedding);
  expect(reads).toBe(1);
});
