import { applyD1Migrations } from "cloudflare:test";
import { testEnv } from "./environment.ts";

await applyD1Migrations(testEnv.DB_0, testEnv.TEST_MIGRATIONS);
