import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Health } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { servicesOf } from "./adapters/services.ts";
import { createApp } from "./app.ts";
import { board, call, person, pinOfWords, problemOf, read, tokenOf } from "./testing/api.ts";

test("health tells of each dependency", async () => {
  for (const path of ["/health", "/v1/health"]) {
    const health = await read<Health>(call("GET", path), 200);
    expect(health.status).toBe("ok");
    expect(Object.keys(health.checks)).toEqual(["database", "kv", "pictures", "index"]);
  }
});

test("health is degraded, and serves, without the index", async () => {
  const app = createApp(() => ({
    ...servicesOf(env, createExecutionContext(), new Request("https://edge.test/")),
    visualIndex: { ...env.VISUAL_INDEX, describe: () => Promise.reject(new Error("the index is away")) },
  }));
  const health = await read<Health>(app.request("/health"), 200);
  expect(health).toMatchObject({ status: "degraded", checks: { index: { status: "down" }, kv: { status: "ok" } } });
});

test("a path that is not there is a problem", async () => {
  const problem = await problemOf(call("GET", "/v1/nothing"), 404);
  expect(problem).toMatchObject({ code: "not-found", status: 404, type: "urn:vitrine:problem:not-found" });
});

test("a path that is there for other methods says for which", async () => {
  const response = await call("PUT", "/v1/pins", { json: {} });
  expect(response.headers.get("allow")).toBe("GET, POST");
  await problemOf(response, 405);
});

test("answers are kept by no cache unless their route says so", async () => {
  const cachingOf = async (path: string) => (await call("GET", path)).headers.get("cache-control");
  expect(await cachingOf("/v1/users")).toBe("private, no-store");
  expect(await cachingOf("/v1/nothing")).toContain("no-store");
  expect(await cachingOf("/openapi.json")).toContain("public");
});

test("what was not expected is told by an id alone", async () => {
  const app = createApp(() => {
    throw new TypeError("the inside of the service");
  });
  const response = await app.request("/v1/users");
  const problem = await problemOf(response, 500);
  expect(problem.code).toBe("internal");
  expect(problem.detail).toMatch(/name request [0-9a-f-]{36}/);
  expect(JSON.stringify(problem)).not.toContain("inside");
});

test("every public answer can be read across origins, errors too", async () => {
  for (const path of ["/v1/users", "/health", "/openapi.json", "/v1/nothing", "/v1/boards/brd_no"]) {
    const response = await call("GET", path, { headers: { origin: "https://shop.example" } });
    expect(response.headers.get("access-control-allow-origin"), path).toBe("*");
    await response.body?.cancel();
  }
  const readable = (await call("GET", "/v1/users")).headers.get("access-control-expose-headers");
  for (const name of ["ETag", "Server-Timing", "Retry-After"]) expect(readable).toContain(name);
});

test("a preflight allows writes with a token", async () => {
  const response = await call("OPTIONS", "/v1/saves", {
    headers: {
      origin: "https://shop.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,idempotency-key",
    },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("access-control-allow-headers")).toContain("authorization");
  for (const method of ["PUT", "PATCH", "DELETE", "POST"]) {
    expect(response.headers.get("access-control-allow-methods")).toContain(method);
  }
});

test("the demo gives a token that writes, to its own origin alone", async () => {
  const ada = await person("demo-ada");
  const response = await call("POST", "/demo/session", { json: { handle: "demo-ada" } });
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
  const { token, user } = await read<{ token: string; user: { id: string } }>(response, 200);
  expect(user.id).toBe(ada.id);
  await read(call("POST", "/v1/boards", { token, json: { name: "mine" } }), 201);
  expect((await read<{ users: unknown[] }>(call("GET", "/demo/users"), 200)).users).toContainEqual(user);
  await problemOf(call("POST", "/demo/session", { json: { handle: "nobody-of-that-name" } }), 404);
});

test("the demo offers nobody who made all there is to see, and so sees none of it", async () => {
  const [curator, fan] = await Promise.all([person("demo-curator"), person("demo-fan")]);
  await env.DB_0.prepare("DELETE FROM pins").run();
  const offered = async () => {
    const { users } = await read<{ users: { handle: string }[] }>(call("GET", "/demo/users"), 200);
    return users.map(({ handle }) => handle);
  };
  expect(await offered()).toEqual(expect.arrayContaining([curator.handle, fan.handle]));
  await pinOfWords(curator, await board(curator));
  expect(await offered()).toContain(fan.handle);
  expect(await offered()).not.toContain(curator.handle);
  await pinOfWords(fan, await board(fan));
  expect(await offered()).toEqual(expect.arrayContaining([curator.handle, fan.handle]));
});

test("without the demo mode its paths do not exist", async () => {
  const app = createApp(() => ({
    ...servicesOf({ ...env, DEMO_MODE: "off" }, createExecutionContext(), new Request("https://edge.test/")),
  }));
  await problemOf(app.request("/demo/users"), 404);
  const session = { method: "POST", body: '{"handle":"demo-ada"}', headers: { "content-type": "application/json" } };
  await problemOf(app.request("/demo/session", session), 404);
  const production = createApp(() =>
    servicesOf({ ...env, ENVIRONMENT: "production" }, createExecutionContext(), new Request("https://edge.test/")),
  );
  await problemOf(production.request("/demo/users"), 404);
});

test("a service runs jobs by name", async () => {
  const service = await tokenOf(undefined, "service");
  const report = await read(call("POST", "/v1/jobs/sweep", { token: service }), 200);
  expect(report).toEqual({ job: "sweep", summary: "The stand-in ran sweep." });
  await problemOf(call("POST", "/v1/jobs/everything", { token: service }), 400);
});
