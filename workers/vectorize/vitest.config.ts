import { availableParallelism } from "node:os";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineProject } from "vitest/config";
import type { IndexDefinition, IndexProps } from "./definitions.ts";

const metadataIndexes = { category: "string", createdAt: "number" } as const;
const flat: IndexDefinition = { dimensions: 5, metric: "euclidean", metadataIndexes };

/** The tests reach the stand-in as every Worker does: by service bindings with props. */
const indexes: Record<string, IndexProps> = {
  VISUAL: { index: "visual" },
  TASTE: { index: "taste" },
  EUCLIDEAN: { index: "euclidean", definition: flat },
  /** Long enough to be unseen at the first look, short enough to wait for. */
  DELAYED: { index: "delayed", definition: { ...flat, metric: "cosine" }, visibilityDelayMillis: 30 },
  /** Never seen in a test unless it moves the clock. */
  HOUR_LATE: { index: "hour-late", definition: flat, visibilityDelayMillis: 3_600_000 },
  HOUR_LATE_NOW: { index: "hour-late", definition: flat },
  TYPED: {
    index: "typed",
    definition: { ...flat, metadataIndexes: { category: "string", isNew: "boolean", "size.width": "number" } },
  },
  SMALL: { index: "small", definition: { ...flat, maxVectors: 3, maxNamespaces: 2 } },
  KEPT: { index: "kept", definition: flat },
  KEPT_OTHERWISE: { index: "kept", definition: { ...flat, dimensions: 6 } },
  KEPT_WITH_NEW_INDEX: { index: "kept", definition: { ...flat, metadataIndexes: { note: "string" } } },
  UNKNOWN: { index: "nobody-made-this" },
};

export default defineProject({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        serviceBindings: Object.fromEntries(
          Object.entries(indexes).map(([binding, props]) => [
            binding,
            { name: kCurrentWorker, entrypoint: "VectorizeIndex", props: { ...props } },
          ]),
        ),
      },
    }),
  ],
  test: { name: "vectorize", maxWorkers: Math.max(2, availableParallelism() - 1) },
});
