import { env } from "cloudflare:workers";
import type { VectorIndex } from "@vitrine/vectors";
import { testVectorIndex } from "@vitrine/vectors/conformance";
import { expectTypeOf, test } from "vitest";

testVectorIndex("visual", async () => env.VISUAL, { dimensions: 128, metric: "cosine" });
testVectorIndex("taste", async () => env.TASTE, { dimensions: 128, metric: "dot-product" });
testVectorIndex("euclidean", async () => env.EUCLIDEAN, { dimensions: 5, metric: "euclidean" });
testVectorIndex("delayed", async () => env.DELAYED, { dimensions: 5, metric: "cosine", pollMillis: 5 });

test("the platform's own binding fits the port", () => {
  expectTypeOf<Vectorize>().toExtend<VectorIndex>();
});
