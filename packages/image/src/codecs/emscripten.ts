/** Instances of the emscripten builds in @jsquash, made without its wrappers: those keep one instance for ever. */
import type { InstanceKind } from "./instances.ts";

/**
 * `factory` is the default export of a `codec/…/*.js` file. With an instance that is made synchronously the whole
 * start-up is synchronous, and the functions lie on the object that was passed in; the promise is not needed.
 */
export function emscriptenKind<T>(factory: unknown, module: WebAssembly.Module): InstanceKind<T> {
  return {
    create() {
      let memory: WebAssembly.Memory | undefined;
      const api: Record<string, unknown> = {
        noInitialRun: true,
        instantiateWasm(imports: WebAssembly.Imports, ready: (instance: unknown) => void) {
          const instance = new WebAssembly.Instance(module, imports);
          memory = Object.values(instance.exports).find(isMemory);
          ready(instance);
          return instance.exports;
        },
      };
      (factory as (options: typeof api) => unknown)(api);
      return { api: api as T, memoryBytes: () => memory?.buffer.byteLength ?? 0 };
    },
  };
}

function isMemory(value: unknown): value is WebAssembly.Memory {
  return typeof value === "object" && value !== null && "buffer" in value;
}
