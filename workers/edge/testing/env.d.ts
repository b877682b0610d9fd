/** What `cloudflare:workers` gives to the tests. */
type EdgeBindings = import("../adapters/bindings.ts").Bindings;
declare namespace Cloudflare {
  interface Env extends EdgeBindings {
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
  interface GlobalProps {
    mainModule: typeof import("./main.ts");
  }
}
