/**
 * The local stack runs from copies of every wrangler.toml, with absolute paths and one .dev.vars beside them all.
 * wrangler gives `--env-file` and `--var` to the first Worker only; a copy lets several stacks run side by side with
 * own secrets and variables, and never touches the user's files.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { experimental_readRawConfig, type Unstable_RawConfig } from "wrangler";
import { inRoot } from "../project.ts";

/** The exposed Worker comes first. */
const sources = [
  "wrangler.toml",
  "workers/images/wrangler.toml",
  "workers/ingest/wrangler.toml",
  "workers/jobs/wrangler.toml",
  "workers/vectorize/wrangler.toml",
];

/** Writes the copies into `folder` and answers their paths, the exposed Worker's first. */
export function writeConfigurations(folder: string, vars: Record<string, string>, secretsText: string): string[] {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, ".dev.vars"), secretsText, { mode: 0o600 });
  return sources.map((source) => {
    const path = inRoot(source);
    const { rawConfig } = experimental_readRawConfig({ config: path });
    const copy = join(folder, `${rawConfig.name}.json`);
    writeIfChanged(copy, `${JSON.stringify(localConfiguration(rawConfig, dirname(path), vars), null, 2)}\n`);
    return copy;
  });
}

/** The configuration without its environments, with every path absolute. */
export function localConfiguration(
  raw: Unstable_RawConfig,
  folder: string,
  vars: Record<string, string>,
): Unstable_RawConfig {
  const { env: _production, ...local } = raw;
  return {
    ...local,
    ...(raw.main ? { main: resolve(folder, raw.main) } : {}),
    vars: { ...raw.vars, ...vars },
    ...(raw.assets?.directory ? { assets: { ...raw.assets, directory: resolve(folder, raw.assets.directory) } } : {}),
    d1_databases: (raw.d1_databases ?? []).map((database) => ({
      ...database,
      ...(database.migrations_dir ? { migrations_dir: resolve(folder, database.migrations_dir) } : {}),
    })),
  };
}

/** wrangler reloads on every write to a configuration, so an equal one is left alone. */
function writeIfChanged(path: string, text: string): void {
  try {
    if (readFileSync(path, "utf8") === text) return;
  } catch {
    // Not there yet.
  }
  writeFileSync(path, text);
}
