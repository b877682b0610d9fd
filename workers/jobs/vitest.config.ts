import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineProject } from "vitest/config";

const folder = import.meta.dirname;

export default defineProject({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: `${folder}/wrangler.toml` },
      miniflare: { bindings: { TEST_MIGRATIONS: await readD1Migrations(`${folder}/../../migrations`) } },
    })),
  ],
  test: { name: "jobs" },
});
