import type { D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Bindings } from "../adapters/bindings.ts";

/** The bindings as vitest.config.ts makes them. */
export const testEnv = env as unknown as Bindings & { TEST_MIGRATIONS: D1Migration[] };
