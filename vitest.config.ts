import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Three altitudes: packages in Node, Workers in workerd (each with its own vitest.config.ts), the whole system over HTTP.
const workers = readdirSync("workers").map((worker) => `workers/${worker}/vitest.config.ts`);

export default defineConfig({
  test: {
    // Vitest leaves one core to itself, which of two is half of the machine; it has little to do while tests run.
    // Projects with a configuration of their own do not hear of this and say the same.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // Packages keep nothing between files, so a process may take them one after the other: 135 starts are half a minute.
      { test: { name: "packages", include: ["packages/*/src/**/*.test.ts"], isolate: false } },
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
