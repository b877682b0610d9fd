/** What `cloudflare:workers` gives to the tests. */
type ImagesBindings = import("../adapters/bindings.ts").Bindings;
declare namespace Cloudflare {
  interface Env extends ImagesBindings {}
  interface GlobalProps {
    mainModule: typeof import("../index.ts");
  }
}
