/** Stand-in for Vectorize: local and tests only, never deployed. See adapters/vectorize-index.ts. */
export { IndexStore } from "./adapters/index-store.ts";
export { VectorizeIndex } from "./adapters/vectorize-index.ts";

export default {
  fetch(): Response {
    return new Response("Vitrine's stand-in for Vectorize. Bind its entrypoint VectorizeIndex; it has no HTTP API.\n");
  },
} satisfies ExportedHandler;
