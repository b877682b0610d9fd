/**
 * Time that goes on only while nothing real is in flight: deadlines pass without being waited for, and a slow machine is
 * no failing dependency. For tests with `vi.useFakeTimers({ toFake: stillTimers })`.
 */
import { vi } from "vitest";

export const stillTimers: ("setTimeout" | "clearTimeout" | "Date")[] = ["setTimeout", "clearTimeout", "Date"];

/** Calls to real dependencies that are not answered yet. */
let inFlight = 0;

export type Ending = () => Promise<never>;

/** Every method of a dependency ends so, or goes through and is waited for. */
export function port<T extends object>(target: T, ending?: Ending): T {
  return new Proxy(target, {
    get(of, name) {
      const method: unknown = Reflect.get(of, name, of);
      if (typeof method !== "function") return method;
      return (...given: unknown[]) => {
        if (ending) return ending();
        const answer: unknown = Reflect.apply(method, of, given);
        if (!isThenable(answer)) return answer;
        inFlight++;
        return Promise.resolve(answer).finally(() => inFlight--);
      };
    },
  });
}

/** Calls over RPC are promises of a class of their own. */
function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return answer instanceof Object && "then" in answer && typeof answer.then === "function";
}

/** D1 with statements that are ports themselves. */
export function databasePort(binding: D1Database, ending?: Ending): D1Database {
  const outer = port(binding, ending);
  const statementOf = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(port(statement, ending), {
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

/** Lets time go on until the answer is there, or throws when it has gone on for longer; tells how long it took. */
export async function inStillTime<T>(
  asking: Promise<T>,
  deadlineMillis: number,
): Promise<{ answer: T; millis: number }> {
  let isOver = false;
  const watched = asking.finally(() => {
    isOver = true;
  });
  watched.catch(() => undefined); // thrown below
  for (let millis = 0; ; millis += 100) {
    for (let calm = 0; calm < 3 && !isOver; calm++) {
      await nextTurn();
      if (inFlight > 0) calm = -1;
    }
    if (isOver) return { answer: await watched, millis };
    if (millis > deadlineMillis) throw new Error(`no answer within ${deadlineMillis} ms`);
    await vi.advanceTimersByTimeAsync(100);
  }
}
