import { expect, test } from "vitest";
import type { Unstable_RawConfig } from "wrangler";
import { deployedWorkers, missingOf, neededInAccount, readConfiguration } from "./workers.ts";

const edge = { name: "edge", configuration: "wrangler.toml" };

test("placeholders are told as missing, and filled in they are not", () => {
  const raw: Unstable_RawConfig = {
    env: {
      production: {
        vars: { JWKS_URL: "REPLACE-WITH-JWKS-URL", ENVIRONMENT: "production" },
        d1_databases: [{ binding: "DB_0", database_name: "vitrine-0", database_id: "REPLACE-WITH-D1-ID" }],
        kv_namespaces: [{ binding: "KV", id: "REPLACE-WITH-KV-ID" }],
      },
    },
  };
  const whats = missingOf(edge, raw).map(({ what }) => what);
  expect(whats).toEqual(["database id of DB_0", "namespace id of KV", "variable JWKS_URL"]);
  const filled = JSON.parse(JSON.stringify(raw).replaceAll(/REPLACE-WITH-[\w-]+/g, "filled-in")) as Unstable_RawConfig;
  expect(missingOf(edge, filled)).toEqual([]);
});

test("the stand-in for Vectorize in production is told as missing its index", () => {
  const services = [{ binding: "VISUAL_INDEX", service: "vitrine-vectorize" }];
  expect(missingOf(edge, { env: { production: { services } } })).toHaveLength(1);
  expect(missingOf(edge, {})).toEqual([{ what: "[env.production]", how: "add it to wrangler.toml" }]);
});

test("a secret for tokens is needed when no issuer's keys are named", () => {
  const withKeys = { env: { production: { vars: { JWKS_URL: "https://id.example.com/keys" } } } };
  expect(neededInAccount([withKeys])).toEqual(["secret SIGNING_KEY of vitrine-edge"]);
  expect(neededInAccount([{ env: { production: {} } }])).toContain("secret JWT_SECRET of vitrine-edge");
});

/** Environments inherit no bindings: one that is added to the local stack alone would be undefined in production. */
test.each(
  deployedWorkers.map((worker) => [worker.name, worker] as const),
)("%s binds in production what it binds locally", (_, worker) => {
  const raw = readConfiguration(worker);
  const production = raw.env?.production;
  expect(bindingNames(production ?? {})).toEqual(bindingNames(raw));
  expect(production?.name).toBe(raw.name);
  expect(production?.queues).toEqual(raw.queues);
  expect(Object.keys(production?.vars ?? {})).toEqual(expect.arrayContaining(Object.keys(raw.vars ?? {})));
  expect(JSON.stringify(production)).not.toContain("vitrine-vectorize");
});

function bindingNames(configuration: Unstable_RawConfig): string[] {
  return [
    ...(configuration.d1_databases ?? []),
    ...(configuration.kv_namespaces ?? []),
    ...(configuration.r2_buckets ?? []),
    ...(configuration.services ?? []),
    ...(configuration.vectorize ?? []),
    ...(configuration.durable_objects?.bindings ?? []).map(({ name }) => ({ binding: name })),
    ...(configuration.workflows ?? []),
  ]
    .map(({ binding }) => binding)
    .toSorted();
}
