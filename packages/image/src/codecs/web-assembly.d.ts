/**
 * The part of the WebAssembly JavaScript API that codecs need. ES2024 does not have it, and the DOM's or a
 * runtime's types would let platform code into a package that is to have none.
 */
declare namespace WebAssembly {
  /** Compiled ahead: Workers forbid compiling at run time. */
  class Module {
    constructor(bytes: Uint8Array);
  }
  type ImportValue = ((...values: never[]) => unknown) | number;
  type ModuleImports = Record<string, ImportValue>;
  type Imports = Record<string, ModuleImports>;
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Record<string, unknown>;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
}
