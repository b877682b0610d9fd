/** One instance of the WASM kernels: its exports with types, and a memory that is laid out once and grown as needed. */

/** Addresses are bytes in the module's memory; native/kernels.c says what each function does. */
export interface KernelExports {
  memory: WebAssembly.Memory;
  heap_base(): number;
  gramian_add(rows: number, first: number, count: number, d: number, sums: number, scratch: number): void;
  diagonalise(gramian: number, d: number, basis: number): number;
  rotate(rows: number, first: number, count: number, d: number, basis: number, scratch: number): void;
  solve_rows(
    first: number,
    last: number,
    offsets: number,
    columns: number,
    other: number,
    d: number,
    eigen: number,
    ridge: number,
    out: number,
    scratch: number,
  ): void;
  score_rows(left: number, count: number, right: number, items: number, d: number, out: number, stride: number): void;
  neighbours(
    item: number,
    itemOffsets: number,
    itemUsers: number,
    userOffsets: number,
    userItems: number,
    userFactor: number,
    targetFactor: number,
    keep: number,
    sums: number,
    touched: number,
    outItems: number,
    outWeights: number,
  ): number;
}

/** `chunk` of native/kernels.c: rows that are transposed at a time. */
const chunkRows = 128;
const pageBytes = 65_536;

/** An array in the kernels' memory. Views are made anew at each use, because growing detaches them. */
export interface Region {
  readonly address: number;
  /** Elements, not bytes. */
  readonly length: number;
}

export class Kernels {
  readonly exports: KernelExports;
  #end: number;

  constructor(module: WebAssembly.Module) {
    this.exports = kernelExports(new WebAssembly.Instance(module, {}));
    this.#end = this.exports.heap_base();
  }

  /** Gives all regions back: what is laid out next takes their place, and a training needs no second memory. */
  release(): void {
    this.#end = this.exports.heap_base();
  }

  /** Zeroed memory for `length` elements, aligned to 16 bytes. It lives until `release`. */
  allocate(length: number, bytesPerElement = 4): Region {
    const address = Math.ceil(this.#end / 16) * 16;
    this.#end = address + length * bytesPerElement;
    const missing = this.#end - this.exports.memory.buffer.byteLength;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / pageBytes));
    new Uint8Array(this.exports.memory.buffer, address, length * bytesPerElement).fill(0);
    return { address, length };
  }

  /** Floats that `solve_rows`, `gramian_add` and `rotate` need beside their arguments. */
  scratch(d: number): Region {
    return this.allocate(2 * d + (d + 2) * d + d * Math.max(d, chunkRows));
  }

  floats({ address, length }: Region): Float32Array {
    return new Float32Array(this.exports.memory.buffer, address, length);
  }

  doubles({ address, length }: Region): Float64Array {
    return new Float64Array(this.exports.memory.buffer, address, length);
  }

  words({ address, length }: Region): Uint32Array {
    return new Uint32Array(this.exports.memory.buffer, address, length);
  }

  place(values: Uint32Array | Float32Array): Region {
    const region = this.allocate(values.length);
    if (values instanceof Float32Array) this.floats(region).set(values);
    else this.words(region).set(values);
    return region;
  }

  /** Bytes of the module's memory, which never shrinks: the peak. */
  get byteLength(): number {
    return this.exports.memory.buffer.byteLength;
  }
}

function kernelExports({ exports }: WebAssembly.Instance): KernelExports {
  if (!hasKernels(exports)) throw new TypeError("This is not the module of packages/training/native.");
  return exports;
}

function hasKernels(exports: object): exports is KernelExports {
  return "solve_rows" in exports && "neighbours" in exports && "heap_base" in exports && "memory" in exports;
}
