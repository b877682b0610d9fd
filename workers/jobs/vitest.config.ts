import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineProject } from "vitest/config";

const folder = import.meta.dirname;

export default defineProject({
  plugins: [
    cloudflareTest(async () => ({
      main: `${folder}/testing/main.ts`,
      wrangler: { configPath: `${folder}/wrangler.toml` },
      miniflare: {
        bindings: { TEST_MIGRATIONS: await readD1Migrations(`${folder}/../../migrations`) },
        serviceBindings: { TASTE_INDEX: { name: kCurrentWorker, entrypoint: "IndexStandIn" } },
      },
    })),
  ],
  test: { name: "jobs", testTimeout: 30_000, maxWorkers: Math.max(2, availableParallelism() - 1) },
});
