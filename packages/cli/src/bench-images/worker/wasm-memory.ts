/**
 * Counts the WASM memory of an engine from outside, alike for all: each instance that is made is looked at for its
 * memory. To be imported before the engine, which may make its instance while it is loaded.
 */
const memories = new Set<WebAssembly.Memory>();
let isWatching = true;

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, [module, imports]: [WebAssembly.Module, WebAssembly.Imports | undefined]) {
    return watched(new target(module, imports));
  },
});
WebAssembly.instantiate = new Proxy(WebAssembly.instantiate, {
  async apply(target, self, args) {
    const made: unknown = await Reflect.apply(target, self, args);
    return made instanceof WebAssembly.Instance ? watched(made) : made;
  },
});

/** Bytes of all memories so far. Nothing is watched from then on: what the engine drops must be free to go. */
export function wasmBytesSoFar(): number {
  const bytes = [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  isWatching = false;
  memories.clear();
  return bytes;
}

function watched(instance: WebAssembly.Instance): WebAssembly.Instance {
  for (const value of isWatching ? Object.values(instance.exports) : []) {
    if (value instanceof WebAssembly.Memory) memories.add(value);
  }
  return instance;
}
