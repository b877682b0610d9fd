import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createClient } from "./client.ts";
import { newBoardId, newUserId, shardOf, shardOfHandle } from "./ids.ts";
import { hangUp, json, startTestServer } from "./testing/test-server.ts";

test("a bulk load is lines of JSON, packed unless told otherwise, and sent again after a broken connection", async () => {
  const server = await startTestServer(hangUp, json({ refused: 0 }));
  try {
    const client = createClient({ baseUrl: server.baseUrl, random: () => 0.01 });
    const operations = [
      { op: "unsave" as const, userId: "usr_1", pinId: "pin_1" },
      { op: "user" as const, id: "usr_2", handle: "ada", name: "Ada ∂" },
    ];
    const text = operations.map((each) => JSON.stringify(each)).join("\n");
    expect(await client.bulk.load(operations)).toEqual({ refused: 0 });
    await client.bulk.load(text, { gzip: false });
    const [, second, third] = server.requests;
    expect(second).toMatchObject({ method: "POST", url: "/v1/bulk" });
    expect(second?.headers).toMatchObject({ "content-type": "application/x-ndjson", "content-encoding": "gzip" });
    expect(gunzipSync(Buffer.from(second?.body ?? "", "latin1")).toString()).toBe(text);
    expect(third?.headers["content-encoding"]).toBeUndefined();
    expect(Buffer.from(third?.body ?? "", "latin1").toString()).toBe(text);
  } finally {
    await server.close();
  }
});

test("ids are made without the server", () => {
  const user = newUserId("ada", { now: 1, random: 0.5 });
  expect([shardOf(user), shardOf(newBoardId(user, { now: 2, random: 0.1 }))]).toEqual(
    Array(2).fill(shardOfHandle("ada")),
  );
});
