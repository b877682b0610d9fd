/** Sends a schedule to a stack, and keeps what came of each turn. */
import { setTimeout as sleep } from "node:timers/promises";
import type { FeedPage } from "@vitrine/contracts";
import { keepPace } from "../measures/pace.ts";
import type { Access } from "../measures/target.ts";
import { accountOf, type World } from "../measures/world.ts";
import type { Samples } from "./figures.ts";
import type { Turn } from "./schedule.ts";
import { type FeedCost, feedCostOf } from "./server-timing.ts";

export interface BenchTarget {
  access: Access;
  world: World;
  handleOf(user: number): string;
}

/** As long as a visitor would wait at the very most. */
const timeoutMillis = 30_000;
/** Pins a page, as by default. */
const pageSize = 25;

interface Outcome {
  status: number;
  cost: FeedCost | null;
  degraded: readonly string[];
}

/** What is due within the first `warmUpSeconds` is sent and not counted: isolates that have just begun compile as they go. */
export async function driveFeeds(
  target: BenchTarget,
  turns: readonly Turn[],
  { warmUpSeconds }: { warmUpSeconds: number },
): Promise<Samples> {
  const samples: Samples = { pages: [], saves: [], trivial: [], errors: {}, degraded: {}, seconds: 0 };
  const from = warmUpSeconds * 1000;
  const half = (from + (turns.at(-1)?.dueMillis ?? 0)) / 2;
  const ask = turnAsker(target);
  const elapsed = await keepPace<Outcome>({
    dueMillis: turns.map(({ dueMillis }) => dueMillis),
    ask: (n) => ask(turns[n]),
    onAnswer({ status, cost, degraded }, latencyMillis, n) {
      const turn = turns[n];
      if (!turn || turn.dueMillis < from) return;
      if (status < 200 || status > 299) return count(samples.errors, `${turn.kind} ${status || "none"}`);
      for (const what of degraded) count(samples.degraded, what);
      if (turn.kind === "save") samples.saves.push(latencyMillis);
      else if (turn.kind === "trivial") samples.trivial.push(latencyMillis);
      else if (cost) samples.pages.push({ latencyMillis, cost, isLater: turn.dueMillis >= half });
      else count(samples.errors, "feed without Server-Timing");
    },
  });
  samples.seconds = elapsed - warmUpSeconds;
  return samples;
}

/** A stack that has just started, loaded or trained is busy still: waits until it answers like one that is not. */
export async function untilSettled(target: BenchTarget, maxSeconds = 60): Promise<boolean> {
  const ask = turnAsker(target);
  const until = performance.now() + maxSeconds * 1000;
  for (let quick = 0; performance.now() < until; ) {
    const from = performance.now();
    await ask({ kind: "trivial", dueMillis: 0 });
    quick = performance.now() - from < quickMillis ? quick + 1 : 0;
    if (quick === quickAnswers) return true;
    await sleep(settlePauseMillis);
  }
  return false;
}

/** Asks for a page of each of the users, two at a time and as fast as they are answered: the isolates compile and remember. */
export async function visitGently(target: BenchTarget, users: number): Promise<void> {
  const ask = turnAsker(target);
  let next = 0;
  const visitor = async () => {
    while (next < users) await ask({ kind: "feed", dueMillis: 0, user: next++ });
  };
  await Promise.all([visitor(), visitor()]);
}

/** Three seconds of answers at a tenth of what a visitor would notice. */
const quickMillis = 20;
const quickAnswers = 30;
const settlePauseMillis = 100;

function turnAsker({
  access: { url, token },
  world,
  handleOf,
}: BenchTarget): (turn: Turn | undefined) => Promise<Outcome> {
  // Deployed, it is not the Worker that compresses; here its one thread would.
  const headers = { authorization: `Bearer ${token}`, "accept-encoding": "identity" };
  const userOf = (user: number) => accountOf(handleOf(user)).id;
  return async (turn) => {
    try {
      const signal = AbortSignal.timeout(timeoutMillis);
      if (turn?.kind === "feed") {
        const where = turn.region ? `&region=${turn.region}` : "";
        const address = `${url}/v1/feed?user=${userOf(turn.user)}&limit=${pageSize}${where}`;
        const response = await fetch(address, { headers, signal });
        const page = (await response.json()) as Partial<FeedPage>;
        const cost = feedCostOf(response.headers.get("server-timing"));
        return { status: response.status, cost, degraded: page.degraded ?? [] };
      }
      const response =
        turn?.kind === "save"
          ? await fetch(`${url}/v1/saves?user=${userOf(turn.user)}`, {
              method: "POST",
              headers: { ...headers, "content-type": "application/json" },
              body: JSON.stringify({ pinId: world.pinIds[turn.item] }),
              signal,
            })
          : await fetch(`${url}/v1/feed`, { method: "OPTIONS", headers: preflight, signal });
      await response.arrayBuffer();
      return { status: response.status, cost: null, degraded: [] };
    } catch {
      return { status: 0, cost: null, degraded: [] };
    }
  };
}

/** What a browser asks before it sends a token to another origin. */
const preflight = { origin: "http://localhost", "access-control-request-method": "GET" };

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
