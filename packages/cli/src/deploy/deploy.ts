/** `vitrine deploy`: bundles, says what is missing, and deploys in the right order. Creates nothing in the account. */
import { inRoot, runTool } from "../project.ts";
import { Refusal } from "../refusal.ts";
import { ensureStudio } from "../stack/studio.ts";
import { bundle } from "./bundle.ts";
import { kibibytes, table } from "./table.ts";
import { deployedWorkers, type Missing, missingOf, neededInAccount, readConfiguration } from "./workers.ts";

export interface DeployOptions {
  dryRun?: boolean;
}

export async function deploy({ dryRun = false }: DeployOptions): Promise<number> {
  const configurations = deployedWorkers.map((worker) => ({ worker, raw: readConfiguration(worker) }));
  await ensureStudio((step) => console.log(`${step} …`));
  const rows = [["Worker", "bundle", "gzip", "still missing"]];
  const missing = new Map<string, Missing>();
  let hasRealIndex = false;
  for (const { worker, raw } of configurations) {
    const { bytes, gzippedBytes, bindings } = await bundle(worker);
    const lacking = missingOf(worker, raw);
    for (const each of lacking) missing.set(each.what, each);
    hasRealIndex ||= bindings.some((binding) => /vectorize/i.test(binding));
    const lack = lacking.map(({ what }) => what).join(", ") || "nothing";
    rows.push([raw.env?.production?.name ?? worker.name, kibibytes(bytes), kibibytes(gzippedBytes), lack]);
  }
  console.log(`\n${table(rows, [1, 2])}\n`);
  console.log(
    hasRealIndex
      ? "The indexes are bound to Vectorize (vitrine-visual, vitrine-taste); the local stand-in is not deployed."
      : "No index is bound to Vectorize: check [[env.production.vectorize]].",
  );
  const needed = neededInAccount(configurations.map(({ raw }) => raw));
  console.log(`\nTo exist in the account (not visible from here; docs/deploy.md has the commands):`);
  for (const each of needed) console.log(`  ${each}`);
  if (missing.size > 0) {
    console.log("\nStill missing:");
    for (const { what, how } of missing.values()) console.log(`  ${what}: ${how}`);
  }
  if (dryRun) return 0;
  if (missing.size > 0) {
    throw new Refusal(
      `\nNothing was deployed: ${missing.size} things are missing (above); docs/deploy.md says how to get each.`,
    );
  }
  return deployAll();
}

async function deployAll(): Promise<number> {
  for (const { name, configuration } of deployedWorkers) {
    console.log(`\n── ${name}`);
    const args = ["deploy", "--env", "production", "-c", inRoot(configuration)];
    const { code } = await runTool("wrangler", args, { isShown: true });
    if (code !== 0) throw new Refusal(`${name} was not deployed, nor were those after it; wrangler says why above.`);
  }
  return 0;
}
