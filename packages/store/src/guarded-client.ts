/** A D1 binding whose every query goes through a guard, which bounds it in time and says what its failures are. */

/** Answers what the work answers, or throws what its failure, or its lateness, is to be. */
export type QueryGuard = <T>(work: Promise<T>) => Promise<T>;

/** What drivers call of a D1 binding. */
interface Client {
  prepare(query: string): Statement;
  batch(statements: never[]): Promise<unknown[]>;
}

interface Statement {
  bind(...values: unknown[]): Statement;
  all(): Promise<unknown>;
  run(): Promise<unknown>;
  raw(options?: never): Promise<unknown>;
}

/** The binding with every query guarded; it can do what Drizzle asks of one, and no more. */
export function guardClient<T extends Client>(client: T, guard: QueryGuard): T {
  const real = new WeakMap<Statement, Statement>();
  const guarded = (statement: Statement): Statement => {
    const wrapped: Statement = {
      bind: (...values) => guarded(statement.bind(...values)),
      all: () => guard(statement.all()),
      run: () => guard(statement.run()),
      raw: (options) => guard(statement.raw(options)),
    };
    real.set(wrapped, statement);
    return wrapped;
  };
  const guardedClient: Client = {
    prepare: (query) => guarded(client.prepare(query)),
    // D1 takes back only statements that it made itself.
    batch: (statements) => guard(client.batch(statements.map((each) => real.get(each) ?? each) as never[])),
  };
  return guardedClient as T;
}
