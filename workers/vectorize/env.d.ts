/** What vitest.config.ts binds for the tests, beside the Durable Object of wrangler.toml. */
declare namespace Cloudflare {
  type Index = import("@vitrine/vectors").VectorIndex;

  interface Env {
    INDEX: DurableObjectNamespace<import("./adapters/index-store.ts").IndexStore>;
    VISUAL: Index;
    TASTE: Index;
    EUCLIDEAN: Index;
    DELAYED: Index;
    HOUR_LATE: Index;
    HOUR_LATE_NOW: Index;
    TYPED: Index;
    SMALL: Index;
    KEPT: Index;
    KEPT_OTHERWISE: Index;
    KEPT_WITH_NEW_INDEX: Index;
    UNKNOWN: Index;
  }
}
