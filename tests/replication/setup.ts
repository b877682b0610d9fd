import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";

const { DB_0, TEST_MIGRATIONS } = env as unknown as { DB_0: D1Database; TEST_MIGRATIONS: D1Migration[] };
await applyD1Migrations(DB_0, TEST_MIGRATIONS);
