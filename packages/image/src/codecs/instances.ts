/**
 * WASM instances that are used again. WASM memory grows and never shrinks, and a decoder that threw keeps what it
 * had allocated (200 failing decodes: 16 → 144 MB), so an instance is kept only after success and while small.
 */
export interface Instance<T> {
  api: T;
  memoryBytes(): number;
}

export interface Instances {
  /** Runs `work` with a kept or new instance; an error of `work` passes on and the instance is dropped. */
  use<T, R>(kind: InstanceKind<T>, work: (api: T) => R): R;
  /** Drops what is kept beyond the budget's rest, and keeps no more than that until the next call. */
  makeRoom(bytes: number): void;
  /** Bytes of WASM memory of the instances that are kept now. */
  idleBytes(): number;
  /** The largest total of kept and used WASM memory so far. */
  peakBytes(): number;
}

/** How to make an instance; its identity is the key, so there is one of each. */
export interface InstanceKind<T> {
  create(): Instance<T>;
}

export interface InstanceLimits {
  /** For everything together. */
  budgetBytes: number;
  /** The most recently used are kept up to this. */
  maxIdleBytes: number;
  /** One that has grown beyond this is dropped. */
  maxKeptInstanceBytes: number;
}

export function createInstances(limits: InstanceLimits): Instances {
  // Insertion order is the order of use: the first is the least recently used.
  const idle = new Map<InstanceKind<unknown>, Instance<unknown>>();
  let maxIdleBytes = limits.maxIdleBytes;
  let peak = 0;
  const idleBytes = () => [...idle.values()].reduce((sum, instance) => sum + instance.memoryBytes(), 0);
  const shed = () => {
    for (const kind of idle.keys()) {
      if (idleBytes() <= maxIdleBytes) return;
      idle.delete(kind);
    }
  };
  return {
    idleBytes,
    peakBytes: () => peak,
    makeRoom(bytes) {
      maxIdleBytes = Math.min(limits.maxIdleBytes, Math.max(0, limits.budgetBytes - bytes));
      shed();
    },
    use(kind, work) {
      const instance = (idle.get(kind) ?? kind.create()) as ReturnType<typeof kind.create>;
      idle.delete(kind);
      const result = work(instance.api);
      const bytes = instance.memoryBytes();
      peak = Math.max(peak, bytes + idleBytes());
      if (bytes <= limits.maxKeptInstanceBytes) idle.set(kind, instance);
      shed();
      return result;
    },
  };
}
