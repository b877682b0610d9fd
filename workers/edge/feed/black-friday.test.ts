/**
 * The rule of Black Friday: with the index, D1, KV and the region's store failing one by one and all together, by error or by
 * silence, a feed is answered in time with what is left, and says what is missing.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type FeedPage, newUserId } from "@vitrine/contracts";
import { encodeUserEmbedding, userEmbeddingKey } from "@vitrine/ranking";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { recordActions } from "../activity.ts";
import { openDatabases } from "../adapters/database.ts";
import { servicesOf } from "../adapters/services.ts";
import { createApp } from "../app.ts";
import type { Services } from "../context.ts";
import { tokenOf } from "../testing/api.ts";
import { bindings, type Catalogue, drawCatalogue } from "../testing/catalogue.ts";
import { savesOf } from "../testing/saves.ts";
import { databasePort, type Ending, inStillTime, port, stillTimers } from "../testing/still-time.ts";

const dependencies = ["index", "d1", "kv", "store"] as const;
type Dependency = (typeof dependencies)[number];
type Failure = "error" | "silence";

/** What a person waits for a page at the very most, by the deadlines of all that it waits for one after the other. */
const deadlineMillis = 4_000;
/** Older than any fragment may be: what memory holds of them is no more, and the emergency is what is left. */
const restMillis = 55 * 60_000;

const user = newUserId("friday", { now: Date.now(), random: 0.5 });
let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await drawCatalogue(bindings, ["shoes", "hats", "lamps"], { pinsPerStyle: 40 });
  const liked = catalogue.pins[0];
  if (!liked) throw new Error("there are pins");
  const clusters = [{ embedding: liked.embedding, weight: 1 }];
  const memory = { clusters, follows: [], blocked: [], knownPins: new Set<number>(), owned: [], collaborative: null };
  await env.KV.put(userEmbeddingKey(user), encodeUserEmbedding({ ...memory, through: Date.now() - 60_000 }));
  await recordActions(real(), user, "weur", savesOf(user, [liked]));
});

/** Time goes on from test to test: what one has left in memory is older in the next. */
let clock = Date.now();
afterEach(() => {
  clock = Date.now();
  vi.useRealTimers();
});

const real = () => servicesOf(env, createExecutionContext(), new Request("https://edge.test/"));

const endings = {
  error: () => Promise.reject(new Error("down")),
  silence: () => new Promise<never>(() => undefined),
} as const satisfies Record<Failure, Ending>;

function servicesWith(down: ReadonlySet<Dependency>, failure: Failure): Services {
  const services = real();
  const failing = (name: Dependency) => (down.has(name) ? endings[failure] : undefined);
  return {
    ...services,
    databases: openDatabases(databasePort(env.DB_0, failing("d1"))),
    kv: port(services.kv, failing("kv")),
    visualIndex: port(catalogue.index, failing("index")),
    tasteIndex: port(services.tasteIndex, failing("index")),
    colo: port(services.colo, undefined),
    regionStore: (region) => {
      const store = services.regionStore(region);
      const recent = async (...given: Parameters<typeof store.recent>) => store.recent(...given);
      return port({ recent, tellShown: async () => undefined } as unknown as typeof store, failing("store"));
    },
    waitUntil: () => undefined,
  };
}

/** Answers the page, and how long it took by the time that stands still. */
async function ask(services: Services): Promise<{ status: number; page: FeedPage; millis: number }> {
  const headers = { authorization: `Bearer ${await tokenOf(user, "reader")}` };
  const path = "https://edge.test/v1/feed?region=weur&limit=20";
  const asking = Promise.resolve(createApp(() => services).request(path, { headers }));
  const { answer, millis } = await inStillTime(asking, deadlineMillis);
  return { status: answer.status, page: await answer.json<FeedPage>(), millis };
}

const subsets = Array.from({ length: 2 ** dependencies.length }, (_, bits) =>
  dependencies.filter((_dependency, i) => bits & (1 << i)),
);
const table = subsets.flatMap((down) =>
  (["error", "silence"] as const).map((failure) => ({
    down,
    failure,
    name: `${down.join(", ") || "nothing"} by ${failure}`,
  })),
);

/** What a page names that came when all fragments had to be made anew. */
function missingWithout(down: ReadonlySet<Dependency>): string[] {
  const isTasteKnown = !(down.has("kv") && down.has("store"));
  return [
    ...(down.has("d1") ? ["fresh"] : []),
    ...(isTasteKnown && (down.has("index") || down.has("d1")) ? ["interest"] : []),
    ...(down.has("kv") ? ["model"] : []),
    ...(down.has("store") ? ["recent-actions"] : []),
    ...(down.has("d1") ? ["trending"] : []),
    ...(down.has("kv") ? ["user-embedding"] : []),
  ];
}

test.each(table)("down: $name", async ({ down, failure }) => {
  vi.useFakeTimers({ toFake: stillTimers, now: clock });
  const good = await ask(servicesWith(new Set(), failure));
  expect(good.page.degraded).toEqual([]);
  expect(good.page.items).toHaveLength(20);

  vi.setSystemTime(Date.now() + restMillis);
  const { status, page, millis } = await ask(servicesWith(new Set(down), failure));
  expect(status).toBe(200);
  expect(millis).toBeLessThanOrEqual(failure === "error" ? 0 : deadlineMillis);
  expect(page.items).toHaveLength(20);
  expect(page.degraded.toSorted()).toEqual(missingWithout(new Set(down)));
  // Whatever was silent ends, and the next page is whole: nothing is down in this isolate for good.
  await vi.advanceTimersByTimeAsync(60_000);
});
