/**
 * Instances of the wasm-bindgen builds in @jsquash, made without its wrappers: those keep one instance for ever,
 * and want a global `ImageData`.
 */
import type { Instance, InstanceKind } from "./instances.ts";

interface BindgenExports {
  memory: WebAssembly.Memory;
  __wbindgen_malloc(bytes: number, align: number): number;
  __wbindgen_free(at: number, bytes: number, align: number): void;
  __wbindgen_add_to_stack_pointer(delta: number): number;
}

/** What a codec's glue is written against. */
export interface RustApi<E> {
  exports: E & BindgenExports;
  memory(): Uint8Array;
  /** Copies bytes in; the callee frees them. */
  pass(bytes: Uint8Array): number;
  /** Calls a function that answers a byte vector by way of a return pointer, and copies it out. */
  takeVector(call: (returnPointer: number) => void): Uint8Array;
}

export function rustKind<E>(
  module: WebAssembly.Module,
  imports: (api: () => RustApi<E>) => WebAssembly.ModuleImports,
): InstanceKind<RustApi<E>> {
  return {
    create(): Instance<RustApi<E>> {
      const instance = new WebAssembly.Instance(module, { wbg: imports(() => api) });
      const exports = instance.exports as unknown as E & BindgenExports;
      const api: RustApi<E> = {
        exports,
        memory: () => new Uint8Array(exports.memory.buffer),
        pass(bytes) {
          const at = exports.__wbindgen_malloc(bytes.length, 1) >>> 0;
          api.memory().set(bytes, at);
          return at;
        },
        takeVector(call) {
          const returnPointer = exports.__wbindgen_add_to_stack_pointer(-16);
          try {
            call(returnPointer);
            const [at = 0, length = 0] = new Uint32Array(exports.memory.buffer, returnPointer, 2);
            const vector = api.memory().slice(at, at + length);
            exports.__wbindgen_free(at, length, 1);
            return vector;
          } finally {
            exports.__wbindgen_add_to_stack_pointer(16);
          }
        },
      };
      return { api, memoryBytes: () => exports.memory.buffer.byteLength };
    },
  };
}
