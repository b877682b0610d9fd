import { createPack, type PackOptions } from "../pack/pack.ts";
import { avifCodec } from "./avif.ts";
import type { Codecs } from "./codec.ts";
import type { Instances } from "./instances.ts";

/** Compiled `.wasm` files: the pack's, and those of @jsquash/avif without threads. */
export interface CodecModules {
  pack: WebAssembly.Module;
  avifDecoder: WebAssembly.Module;
  avifEncoder: WebAssembly.Module;
}

/** All codecs; AVIF's instances are in the pool, the pack keeps its own one. */
export function createCodecs(modules: CodecModules, pool: Instances, options: PackOptions = {}): Codecs {
  return {
    pack: createPack(modules.pack, options),
    avif: avifCodec({ decoder: modules.avifDecoder, encoder: modules.avifEncoder }, pool),
    makeRoom: pool.makeRoom,
  };
}
