import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf, worldOf } from "../measures/world.ts";
import { driveFeeds, visitGently } from "./drive.ts";
import type { Turn } from "./schedule.ts";

const timing = 'index;desc="1 calls", d1;desc="0 calls", fragments;desc="3 hit, 1 miss", behind;desc="0 fragments"';
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  request.resume().on("end", () => {
    if (request.method === "OPTIONS") response.writeHead(204).end();
    else if (request.method === "POST") response.writeHead(201).end("{}");
    else if (request.url?.includes(accountOf("user-9").id)) response.writeHead(503).end("{}");
    else response.writeHead(200, { "server-timing": timing }).end('{"items":[],"degraded":["trending"]}');
  });
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test("each turn is sent as what it is, and counted from the end of the warm-up on", async () => {
  const turns: Turn[] = [
    { kind: "feed", dueMillis: 0, user: 1 },
    { kind: "feed", dueMillis: 10, user: 2, region: "oc" },
    { kind: "save", dueMillis: 11, user: 3, item: 5 },
    { kind: "trivial", dueMillis: 12 },
    { kind: "feed", dueMillis: 13, user: 9 },
  ];
  const world = worldOf(10);
  const target = { access: { url, token: "t" }, world, handleOf: (user: number) => `user-${user}` };
  const samples = await driveFeeds(target, turns, { warmUpSeconds: 0.01 });
  expect(new Set(asked)).toEqual(
    new Set([
      ...[1, 9].map((user) => `GET /v1/feed?user=${accountOf(`user-${user}`).id}&limit=25`),
      `GET /v1/feed?user=${accountOf("user-2").id}&limit=25&region=oc`,
      `POST /v1/saves?user=${accountOf("user-3").id}`,
      "OPTIONS /v1/feed",
    ]),
  );
  expect(samples.pages).toMatchObject([{ cost: { indexCalls: 1, fragmentHits: 3, fragmentMisses: 1 } }]);
  expect([samples.saves.length, samples.trivial.length]).toEqual([1, 1]);
  expect(samples).toMatchObject({ errors: { "feed 503": 1 }, degraded: { trending: 1 } });
});

test("a gentle visit asks for a page of each of the first users once", async () => {
  asked.length = 0;
  await visitGently({ access: { url, token: "t" }, world: worldOf(10), handleOf: (user) => `user-${user}` }, 3);
  const pages = [0, 1, 2].map((user) => `GET /v1/feed?user=${accountOf(`user-${user}`).id}&limit=25`);
  expect(asked.toSorted()).toEqual(pages.toSorted());
});
