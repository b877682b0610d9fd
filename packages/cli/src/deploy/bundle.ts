import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { inRoot, runTool, vitrineFolder } from "../project.ts";
import { Refusal } from "../refusal.ts";
import type { DeployedWorker } from "./workers.ts";

export interface Bundle {
  /** Bytes of all modules: what counts against the 64 MiB of a Worker. */
  bytes: number;
  gzippedBytes: number;
  /** `name (kind): resource` of each binding, as wrangler resolved them. */
  bindings: string[];
}

/** Bundles a Worker for production without an account. Throws a Refusal with wrangler's words. */
export async function bundle({ name, configuration }: DeployedWorker): Promise<Bundle> {
  const folder = join(vitrineFolder, "bundles", name);
  rmSync(folder, { recursive: true, force: true });
  const args = ["deploy", "--dry-run", "--env", "production", "--outdir", folder, "-c", inRoot(configuration)];
  const { code, output } = await runTool("wrangler", args, { env: { CI: "true", FORCE_COLOR: "0" } });
  if (code !== 0) throw new Refusal(`The Worker ${name} could not be bundled:\n${output.trim()}`);
  return { ...measure(folder), bindings: bindingsIn(output) };
}

/** Source maps and wrangler's README are not uploaded. */
function measure(folder: string): { bytes: number; gzippedBytes: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  let gzippedBytes = 0;
  for (const file of files) {
    if (!file.isFile() || file.name.endsWith(".map") || file.name === "README.md") continue;
    const content = readFileSync(join(file.parentPath, file.name));
    bytes += content.length;
    gzippedBytes += gzipSync(content).length;
  }
  return { bytes, gzippedBytes };
}

/** Lines such as `env.KV (local-vitrine-kv)    KV Namespace`. */
export function bindingsIn(output: string): string[] {
  return output.split("\n").flatMap((line) => {
    const [, binding, kind] = /^env\.(\S+.*?)\s{2,}(\S.*?)\s*$/.exec(line) ?? [];
    return binding && kind ? [`${binding} ${kind}`] : [];
  });
}
