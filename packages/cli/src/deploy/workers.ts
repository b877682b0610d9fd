/** The Workers that go to production, and what their configurations still lack. Never the stand-in for Vectorize. */
import { experimental_readRawConfig, type Unstable_RawConfig } from "wrangler";
import { inRoot } from "../project.ts";

export interface DeployedWorker {
  name: string;
  /** From the root. */
  configuration: string;
}

/**
 * In the order of deployment: a service binding needs its target, and ingest needs the Durable Object class that
 * edge brings.
 */
export const deployedWorkers: readonly DeployedWorker[] = [
  { name: "images", configuration: "workers/images/wrangler.toml" },
  { name: "jobs", configuration: "workers/jobs/wrangler.toml" },
  { name: "edge", configuration: "wrangler.toml" },
  { name: "ingest", configuration: "workers/ingest/wrangler.toml" },
];

export function readConfiguration(worker: DeployedWorker): Unstable_RawConfig {
  return experimental_readRawConfig({ config: inRoot(worker.configuration) }).rawConfig;
}

/** What stands in wrangler.toml where only the owner of the account knows the value. */
const placeholder = /^REPLACE-WITH-/;

export interface Missing {
  /** What is missing, in a few words. */
  what: string;
  /** The command or the edit that provides it. */
  how: string;
}

/** What the production environment of one configuration lacks; empty when it can be deployed. */
export function missingOf({ configuration }: DeployedWorker, raw: Unstable_RawConfig): Missing[] {
  const production = raw.env?.production;
  if (!production) return [{ what: "[env.production]", how: `add it to ${configuration}` }];
  const missing: Missing[] = [];
  for (const { binding, database_id } of production.d1_databases ?? []) {
    if (!database_id || placeholder.test(database_id)) {
      missing.push({ what: `database id of ${binding}`, how: "wrangler d1 create vitrine-0" });
    }
  }
  for (const { binding, id } of production.kv_namespaces ?? []) {
    if (!id || placeholder.test(id)) {
      missing.push({ what: `namespace id of ${binding}`, how: "wrangler kv namespace create vitrine-kv" });
    }
  }
  for (const [name, value] of Object.entries(production.vars ?? {})) {
    if (typeof value === "string" && placeholder.test(value)) {
      missing.push({ what: `variable ${name}`, how: `set it in ${configuration}, or see docs/deploy.md, Tokens` });
    }
  }
  for (const { binding, service } of production.services ?? []) {
    if (/vectorize/.test(service)) missing.push({ what: `a real index for ${binding}`, how: "bind it as vectorize" });
  }
  return missing;
}

/** What lies in the account, and cannot be seen without one. */
export function neededInAccount(configurations: readonly Unstable_RawConfig[]): string[] {
  const needed = new Set<string>();
  for (const { env } of configurations) {
    const production = env?.production;
    for (const { bucket_name } of production?.r2_buckets ?? []) needed.add(`R2 bucket ${bucket_name}`);
    for (const { queue } of production?.queues?.producers ?? []) needed.add(`queue ${queue}`);
    for (const { queue, dead_letter_queue } of production?.queues?.consumers ?? []) {
      needed.add(`queue ${queue}`);
      if (dead_letter_queue) needed.add(`queue ${dead_letter_queue}`);
    }
    for (const { index_name } of production?.vectorize ?? []) needed.add(`Vectorize index ${index_name}`);
  }
  const usesKeySet = configurations.some(({ env }) => env?.production?.vars?.JWKS_URL !== undefined);
  needed.add("secret SIGNING_KEY of vitrine-edge");
  if (!usesKeySet) needed.add("secret JWT_SECRET of vitrine-edge");
  return [...needed];
}
