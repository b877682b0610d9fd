import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { UserId } from "@vitrine/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAsking } from "./asking.ts";

const user = "usr_0" as UserId;
/** What the server says next; a status alone is a refusal. */
const answers: (number | object)[] = [];
const asked: { path: string; token: string | undefined; body: string }[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    asked.push({ path: request.url ?? "", token: request.headers.authorization, body });
    const answer = answers.shift() ?? 500;
    if (typeof answer === "number") response.writeHead(answer).end();
    else response.end(JSON.stringify(answer));
  });
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test("a question that fails in passing is asked again, and what was left out is counted", async () => {
  const asking = openAsking({ url, token: "t" });
  answers.push(503, { items: [], degraded: ["model"] });
  expect(await asking.rank(user, ["pin_1"], 3)).toMatchObject({ items: [] });
  expect(asking.troubles).toEqual({ errors: {}, degraded: { model: 1 } });
  expect(asked.splice(0)).toEqual(
    Array.from({ length: 2 }, () => ({
      path: "/v1/rank",
      token: "Bearer t",
      body: '{"userId":"usr_0","pinIds":["pin_1"],"limit":3}',
    })),
  );
});

test("what cannot be answered is told once, by its status", async () => {
  const asking = openAsking({ url, token: "t" });
  answers.push(404, 500, 500, 500);
  expect(await asking.feed(user, 10)).toBeNull();
  expect(await asking.feed(user, 10)).toBeNull();
  expect(asking.troubles.errors).toEqual({ 404: 1, 500: 1 });
  expect(asked.map(({ path }) => path)).toEqual(Array.from({ length: 4 }, () => "/v1/feed?user=usr_0&limit=10"));
});
