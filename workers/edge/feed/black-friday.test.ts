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
  const memory = { clusters, follows: [], blocked: [], knownPins: new Set<number>(), collaborative: null };
  await env.KV.put(userEmbeddingKey(user), encodeUserEmbedding({ ...memory, through: Date.now() - 60_000 }));
  const save = { id: `save.${user}`, pinId: liked.id, type: "save" as const, occurredAt: Date.now() };
  await recordActions(real(), user, "weur", [save]);
});

/** Time goes on from test to test: what one has left in memory is older in the next. */
let clock = Date.now();
afterEach(() => {
  clock = Date.now();
  vi.useRealTimers();
});

const real = () => servicesOf(env, createExecutionContext(), new Request("https://edge.test/"));

/** Real calls that are not answered yet: time stands still for them, so that a slow machine is no failing dependency. */
let inFlight = 0;

/** Every method of the port fails, or goes through and is counted. */
function port<T extends object>(target: T, failure: Failure | undefined): T {
  return new Proxy(target, {
    get(of, name) {
      const method: unknown = Reflect.get(of, name, of);
      if (typeof method !== "function") return method;
      return (...given: unknown[]) => {
        if (failure === "error") return Promise.reject(new Error("down"));
        if (failure === "silence") return new Promise(() => undefined);
        const answer: unknown = Reflect.apply(method, of, given);
        if (!(answer instanceof Promise)) return answer;
        inFlight++;
        return answer.finally(() => inFlight--);
      };
    },
  });
}

function servicesWith(down: ReadonlySet<Dependency>, failure: Failure): Services {
  const services = real();
  const failing = (name: Dependency) => (down.has(name) ? failure : undefined);
  return {
    ...services,
    databases: openDatabases(database(env.DB_0, failing("d1"))),
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

/** D1 with statements that are ports themselves. */
function database(binding: D1Database, failure: Failure | undefined): D1Database {
  const outer = port(binding, failure);
  const statementOf = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(port(statement, failure), {
      get: (of, name) =>
        name === "bind" ? (...values: unknown[]) => statementOf(statement.bind(...values)) : Reflect.get(of, name, of),
    });
  return new Proxy(outer, {
    get: (of, name) =>
      name === "prepare" ? (query: string) => statementOf(binding.prepare(query)) : Reflect.get(of, name, of),
  });
}

const turn = setTimeout;
const nextTurn = () => new Promise<void>((resolve) => void turn(resolve, 1));

/** Asks while time goes on in steps whenever nothing real is in flight; answers the page and how long it took by that time. */
async function ask(services: Services): Promise<{ status: number; page: FeedPage; millis: number }> {
  const headers = { authorization: `Bearer ${await tokenOf(user, "reader")}` };
  let response: Response | undefined;
  const path = "https://edge.test/v1/feed?region=weur&limit=20";
  const asking = Promise.resolve(createApp(() => services).request(path, { headers })).then((answer) => {
    response = answer;
  });
  let millis = 0;
  while (!response && millis <= deadlineMillis) {
    for (let calm = 0; calm < 3 && !response; calm++) {
      await nextTurn();
      if (inFlight > 0) calm = -1;
    }
    if (response) break;
    await vi.advanceTimersByTimeAsync(100);
    millis += 100;
  }
  if (!response) throw new Error(`no answer within ${deadlineMillis} ms`);
  await asking;
  return { status: response.status, page: await response.json<FeedPage>(), millis };
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
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: clock });
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
