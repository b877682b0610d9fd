import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineProject } from "vitest/config";

const folder = import.meta.dirname;

/** The regions' stores of the edge and the consumer of ingest in one isolate, with a real D1 and KV: nothing between them but the test. */
export default defineProject({
  plugins: [
    cloudflareTest(async () => ({
      main: `${folder}/main.ts`,
      miniflare: {
        compatibilityDate: "2026-10-30",
        bindings: { TEST_MIGRATIONS: await readD1Migrations(`${folder}/../../migrations`) },
        d1Databases: ["DB_0"],
        kvNamespaces: ["KV"],
        durableObjects: { REGION_STORE: { className: "RegionStore", useSQLite: true } },
      },
    })),
  ],
  test: {
    name: "replication",
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: [`${folder}/setup.ts`],
  },
});
