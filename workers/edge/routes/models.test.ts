import { env } from "cloudflare:workers";
import type { Model, Models } from "@vitrine/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { call, person, problemOf, read, tokenOf } from "../testing/api.ts";

const metrics = {
  sampledHitRateAt10: 0.91,
  sampledNdcgAt10: 0.62,
  fullHitRateAt10: 0.1,
  fullNdcgAt10: 0.05,
  coverageAt10: 0.4,
  users: 3_000,
};
let token: string;

beforeAll(async () => {
  token = await tokenOf(undefined, "service");
  const model = env.DB_0.prepare(
    "INSERT INTO models (version, status, created_at, dimensions, users, pins, saves, metrics, note, progress) VALUES (?, ?, ?, 128, 9, 8, 7, ?, 'A sentence.', 1)",
  );
  await env.DB_0.batch([
    model.bind("m00000000001", "retired", 1_000, null),
    model.bind("m00000000002", "serving", 2_000, JSON.stringify(metrics)),
  ]);
});

test("models are listed newest first, and each is found by its version", async () => {
  const { models } = await read<Models>(call("GET", "/v1/models", { token }), 200);
  expect(models.map(({ version, status }) => [version, status])).toEqual([
    ["m00000000002", "serving"],
    ["m00000000001", "retired"],
  ]);
  const model = await read<Model>(call("GET", "/v1/models/m00000000002", { token }), 200);
  expect(model).toEqual({ ...models[0], metrics, createdAt: "1970-01-01T00:00:02.000Z" });
  expect((await problemOf(call("GET", "/v1/models/m99999999999", { token }), 404)).detail).toMatch(/^Name a model/);
  await problemOf(call("GET", "/v1/models/latest", { token }), 400);
});

test("a training begins with settings that it can have, and answers at once", async () => {
  const begun = await read<Model>(call("POST", "/v1/models/train", { token, json: { dimensions: 64 } }), 202);
  expect(begun).toMatchObject({ status: "training", dimensions: 64 });
  await read<Model>(call("POST", "/v1/models/train", { token, json: {} }), 202);
  await read<Model>(call("POST", "/v1/models/train", { token }), 202);
  for (const json of [{ dimensions: 130 }, { dimensions: 256 }, { epochs: 0 }, { epochs: "many" }]) {
    await problemOf(call("POST", "/v1/models/train", { token, json }), 400);
  }
});

test("a model is served by its version; the jobs Worker's refusal reaches the caller", async () => {
  const served = await read<Model>(call("POST", "/v1/models/m0000000000/serve", { token }), 200);
  expect(served.status).toBe("serving");
  const problem = await problemOf(call("POST", "/v1/models/m00000000001/serve", { token }), 409);
  expect(problem.detail).toBe("Name a model that can serve.");
});

describe("only a service sees or changes models", () => {
  test.each([
    ["GET", "/v1/models"],
    ["GET", "/v1/models/m00000000001"],
    ["POST", "/v1/models/train"],
    ["POST", "/v1/models/m00000000001/serve"],
  ])("%s %s", async (method, path) => {
    const { writer } = await person("ada");
    const json = method === "POST" ? {} : undefined;
    expect((await problemOf(call(method, path, { token: writer, json }), 403)).code).toBe("forbidden");
    expect((await problemOf(call(method, path, { json }), 401)).code).toBe("unauthorized");
  });
});
