import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineProject } from "vitest/config";
import { answerAsInternet } from "./testing/internet.ts";

const folder = import.meta.dirname;

export default defineProject({
  plugins: [
    cloudflareTest(async () => ({
      main: `${folder}/testing/main.ts`,
      wrangler: { configPath: `${folder}/wrangler.toml` },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations(`${folder}/../../migrations`),
          DNS_URL: "https://dns.example.net/dns-query",
        },
        durableObjects: { REGION_STORE: { className: "RegionStoreStandIn", useSQLite: true } },
        serviceBindings: {
          IMAGES: { name: kCurrentWorker, entrypoint: "ImagesStandIn" },
          VISUAL_INDEX: { name: kCurrentWorker, entrypoint: "IndexStandIn" },
        },
        // Whatever the Worker fetches is answered here, in Node: no test leaves the machine.
        outboundService: answerAsInternet,
      },
    })),
  ],
  test: {
    name: "ingest",
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: [`${folder}/testing/setup.ts`],
  },
});
