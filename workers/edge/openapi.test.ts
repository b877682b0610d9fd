import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { servicesOf } from "./adapters/services.ts";
import { createApp } from "./app.ts";
import { call, read } from "./testing/api.ts";

interface Operation {
  summary?: string;
  tags?: string[];
  security?: Record<string, unknown>[];
  parameters?: { name: string; in: string; required?: boolean }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

let document: Document;
let operations: [name: string, operation: Operation][];

beforeAll(async () => {
  document = await read<Document>(call("GET", "/openapi.json"), 200);
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
});

describe("the document", () => {
  test("is OpenAPI 3.1 that refers only to what it holds", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.info).toMatchObject({ title: "Vitrine", version: "1" });
    const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? [];
    const held = Object.keys(document.components.schemas);
    expect([...new Set(references)].filter((reference) => !held.includes(reference.split("/")[3] ?? ""))).toEqual([]);
    for (const name of ["Pin", "Board", "User", "Save", "Follow", "FeedPage", "EventBatch", "Problem"]) {
      expect(held).toContain(name);
    }
  });

  test("lists every mounted route", () => {
    const app = createApp(() => servicesOf(env, createExecutionContext(), new Request("https://edge.test/")));
    const mounted = app.routes
      .filter(({ method, path }) => method !== "ALL" && path !== "/openapi.json" && !isRoutedByHand(path))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect([...new Set(mounted)].sort()).toEqual(
      operations
        .map(([name]) => name)
        .filter((name) => !isRoutedByHand(name.split(" ")[1] ?? ""))
        .sort(),
    );
    const names = operations.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(["GET /i/{pin}/{rendition}", "GET /image/{options}/{source}"]));
  });

  test("names for every parameter of a path what it is", () => {
    for (const [name, { parameters = [] }] of operations) {
      const named = parameters.filter((parameter) => parameter.in === "path").map((parameter) => parameter.name);
      expect([name, named.sort()]).toEqual([name, [...name.matchAll(/{(\w+)}/g)].map((match) => match[1]).sort()]);
    }
  });

  test("says of every operation what it does, who may, and which problems it answers", () => {
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: "http", scheme: "bearer" } });
    for (const [name, { summary, tags, security, responses }] of operations) {
      expect(summary, name).toMatch(/^[A-Z].*[^.]$/);
      expect(tags, name).toHaveLength(1);
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(description, name).not.toBe("");
        const isProblem = Number(status) >= 400 && !name.endsWith("/health");
        if (isProblem) expect(Object.keys(content ?? {}), name).toEqual(["application/problem+json"]);
      }
      const needsToken = security?.length === 1 && "bearer" in (security[0] ?? {});
      if (needsToken) expect(Object.keys(responses), name).toContain("401");
    }
  });
});

function isRoutedByHand(path: string): boolean {
  return /^\/(i|image|cdn-cgi)\//.test(path);
}
