import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRoot, runTool } from "../project.ts";
import { Refusal } from "../refusal.ts";

/**
 * Applies what is new in migrations/ to the local D1 under `persistTo`. What was applied is noted inside that folder,
 * so the note goes with the data; when it fits, wrangler (three seconds) is not asked.
 */
export async function migrate(configuration: string, persistTo: string, onStep: (step: string) => void): Promise<void> {
  const note = join(persistTo, "migrated.sha256");
  const digest = digestOf(inRoot("migrations"));
  if (existsSync(note) && readFileSync(note, "utf8") === digest) return;
  onStep("Bringing the local database up to date");
  mkdirSync(persistTo, { recursive: true });
  const args = ["d1", "migrations", "apply", "DB_0", "--local", "--persist-to", persistTo, "-c", configuration];
  const { code, output } = await runTool("wrangler", args, { env: { CI: "true" } });
  if (code !== 0) throw new Refusal(`The database could not be brought up to date:\n${output.trim()}`);
  writeFileSync(note, digest);
}

function digestOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).toSorted()) {
    if (name.endsWith(".sql")) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}
