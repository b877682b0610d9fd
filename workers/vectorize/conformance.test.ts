import { testVectorIndex } from "@vitrine/vectors/conformance";
import { bindings } from "./test-bindings.ts";

testVectorIndex("visual", async () => bindings.VISUAL, { dimensions: 128, metric: "cosine" });
testVectorIndex("taste", async () => bindings.TASTE, { dimensions: 128, metric: "dot-product" });
testVectorIndex("euclidean", async () => bindings.EUCLIDEAN, { dimensions: 5, metric: "euclidean" });
testVectorIndex("delayed", async () => bindings.DELAYED, { dimensions: 5, metric: "cosine", pollMillis: 5 });
