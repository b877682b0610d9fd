/**
 * What stands between the edge and its dependencies in a storm: an entry point of its own (`edgeInStorm`) hands the edge
 * bindings whose calls fail or hang while a request says so. The edge is bundled as for a deployment and knows nothing.
 */

export const dependencies = ["index", "d1", "kv", "store"] as const;
export type Dependency = (typeof dependencies)[number];

export interface Storm {
  down: readonly Dependency[];
  /** How their calls end: at once, or not before anybody has given up. */
  by: "error" | "silence";
}

/** `PUT`, with a storm as JSON. Below /v1, as all else is the studio's and does not come to the edge. */
export const stormPath = "/v1/storm";

/** Longer than any deadline of the edge. A timer, as the runtime ends requests that wait for nothing at all. */
const silenceMillis = 120_000;

let storm: Storm = { down: [], by: "error" };

type Env = Record<string, object>;
interface Worker {
  fetch(request: Request, env: Env, context: unknown): Response | Promise<Response>;
}

/** The Worker, reached through the storm. */
export function inStorm(worker: Worker): Worker {
  return {
    async fetch(request, env, context) {
      if (new URL(request.url).pathname !== stormPath) return worker.fetch(request, reached(env), context);
      storm = (await request.json()) as Storm;
      return new Response(null, { status: 204 });
    },
  };
}

/** One for all requests: the edge opens its database once for a binding. */
let bindings: Env | undefined;

function reached(env: Env): Env {
  bindings ??= {
    ...env,
    DB_0: databaseThrough(env.DB_0 as Database),
    KV: through("kv", env.KV),
    VISUAL_INDEX: through("index", env.VISUAL_INDEX),
    TASTE_INDEX: through("index", env.TASTE_INDEX),
    REGION_STORE: storesThrough(env.REGION_STORE as Stores),
  };
  return bindings;
}

async function getThrough(to: Dependency): Promise<void> {
  if (!storm.down.includes(to)) return;
  if (storm.by === "silence") await new Promise((resolve) => setTimeout(resolve, silenceMillis));
  throw new Error(`${to} is down`);
}

/** Every method is a call, and answers a promise. */
function through<T extends object>(to: Dependency, target: T | undefined): T {
  if (!target) throw new Error(`nothing is bound as ${to}`);
  return new Proxy(target, {
    get(of, name) {
      const method: unknown = Reflect.get(of, name, of);
      if (typeof method !== "function") return method;
      return (...given: unknown[]) => getThrough(to).then(() => Reflect.apply(method, of, given) as unknown);
    },
  });
}

interface Stores {
  idFromName(name: string): unknown;
  get(id: unknown, options: unknown): object;
}

function storesThrough(stores: Stores): Stores {
  return {
    idFromName: (name) => stores.idFromName(name),
    get: (id, options) => through("store", stores.get(id, options)),
  };
}

interface Statement {
  bind(...values: unknown[]): Statement;
  all(): Promise<unknown>;
  run(): Promise<unknown>;
  raw(options?: unknown): Promise<unknown>;
}

interface Database {
  prepare(query: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}

/** Statements are made without a call; those of a batch must be D1's own again. */
function databaseThrough(database: Database): Database {
  const own = new WeakMap<Statement, Statement>();
  const statementThrough = (statement: Statement): Statement => {
    const calls = through("d1", statement);
    const made: Statement = {
      bind: (...values) => statementThrough(statement.bind(...values)),
      all: () => calls.all(),
      run: () => calls.run(),
      raw: (options) => calls.raw(options),
    };
    own.set(made, statement);
    return made;
  };
  const calls = through("d1", database);
  return {
    prepare: (query) => statementThrough(database.prepare(query)),
    batch: (statements) => calls.batch(statements.map((each) => own.get(each) ?? each)),
  };
}
