import { blocksOf } from "./blocks.ts";
import { boardsOf } from "./boards.ts";
import { bulkOf } from "./bulk.ts";
import { demoOf } from "./demo.ts";
import { eventsOf } from "./events.ts";
import { experimentsOf } from "./experiments.ts";
import { feedOf } from "./feed.ts";
import { followsOf } from "./follows.ts";
import { modelsOf } from "./models.ts";
import { healthOf, jobsOf } from "./operations.ts";
import { pinsOf } from "./pins.ts";
import { rankOf } from "./rank.ts";
import { savesOf } from "./saves.ts";
import { createTransport, type TransportOptions } from "./transport.ts";
import { usersOf } from "./users.ts";

export type Client = ReturnType<typeof createClient>;

/**
 * The API as functions, for browsers, Workers and Node.
 *
 * Every call has a deadline, throws a `VitrineError`, and is tried up to three times when that cannot do a thing
 * twice and the failure was of the network, a 429 or a 503. Answers have the types of the wire schemas and are not
 * validated again, which keeps the schemas out of a browser's bundle.
 *
 * ```ts
 * const vitrine = createClient({ baseUrl: "https://pins.example.com", token });
 * for await (const page of vitrine.feed.pages()) show(page.items);
 * ```
 */
export function createClient(options: TransportOptions) {
  const send = createTransport(options);
  return {
    users: usersOf(send),
    boards: boardsOf(send),
    pins: pinsOf(send),
    saves: savesOf(send),
    follows: followsOf(send),
    blocks: blocksOf(send),
    events: eventsOf(send),
    feed: feedOf(send),
    rank: rankOf(send),
    bulk: bulkOf(send),
    experiments: experimentsOf(send),
    jobs: jobsOf(send),
    models: modelsOf(send),
    demo: demoOf(send),
    health: healthOf(send),
  };
}
