import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineProject } from "vitest/config";

const folder = import.meta.dirname;

// The studio's files are built by `npm start`; the configuration wants the folder to be there.
mkdirSync(`${folder}/../../packages/studio/dist`, { recursive: true });

export default defineProject({
  plugins: [
    cloudflareTest(async () => ({
      main: `${folder}/testing/main.ts`,
      wrangler: { configPath: `${folder}/../../wrangler.toml` },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations(`${folder}/../../migrations`),
          JWT_SECRET: "a secret of the tests, long enough for HS256",
          SIGNING_KEY: "a signing key of the tests, long enough too",
          DEMO_MODE: "on",
        },
        serviceBindings: {
          IMAGES: { name: kCurrentWorker, entrypoint: "ImagesStandIn" },
          JOBS: { name: kCurrentWorker, entrypoint: "JobsStandIn" },
          VISUAL_INDEX: { name: kCurrentWorker, entrypoint: "IndexStandIn", props: { index: "visual" } },
          TASTE_INDEX: { name: kCurrentWorker, entrypoint: "IndexStandIn", props: { index: "taste" } },
        },
      },
    })),
  ],
  test: {
    name: "edge",
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: [`${folder}/testing/setup.ts`],
  },
});
