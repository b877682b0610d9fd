import { env } from "cloudflare:workers";
import type { VectorIndex } from "@vitrine/vectors";
import type { IndexStore } from "./adapters/index-store.ts";

/** What vitest.config.ts binds. */
export const bindings = env as unknown as Record<
  | "VISUAL"
  | "TASTE"
  | "EUCLIDEAN"
  | "DELAYED"
  | "HOUR_LATE"
  | "TYPED"
  | "SMALL"
  | "KEPT"
  | "KEPT_OTHERWISE"
  | "KEPT_WITH_NEW_INDEX"
  | "UNKNOWN",
  VectorIndex
> & { INDEX: DurableObjectNamespace<IndexStore> };
