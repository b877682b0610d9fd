import { readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

// Three altitudes: packages in Node, Workers in workerd (each with its own vitest.config.ts), the whole system over HTTP.
const workers = readdirSync("workers").map((worker) => `workers/${worker}/vitest.config.ts`);

export default defineConfig({
  test: {
    projects: [
      { test: { name: "packages", include: ["packages/*/src/**/*.test.ts"] } },
      ...workers,
      "tests/replication/vitest.config.ts",
      { test: { name: "conformance", include: ["tests/conformance/**/*.test.ts"] } },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/e2e/stack.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
