import { avifCodec } from "./avif.ts";
import type { Codecs } from "./codec.ts";
import type { Instances } from "./instances.ts";
import { jpegCodec } from "./jpeg.ts";
import { pngCodec } from "./png.ts";
import { resizer } from "./resizer.ts";
import { webpCodec } from "./webp.ts";

/** The compiled `.wasm` files of @jsquash; WebP's encoder is the SIMD one, AVIF's the one without threads. */
export interface CodecModules {
  jpegDecoder: WebAssembly.Module;
  jpegEncoder: WebAssembly.Module;
  webpDecoder: WebAssembly.Module;
  webpEncoder: WebAssembly.Module;
  avifDecoder: WebAssembly.Module;
  avifEncoder: WebAssembly.Module;
  png: WebAssembly.Module;
  resize: WebAssembly.Module;
}

/** All codecs over one pool of instances. */
export function createCodecs(modules: CodecModules, pool: Instances): Codecs {
  return {
    jpeg: jpegCodec({ decoder: modules.jpegDecoder, encoder: modules.jpegEncoder }, pool),
    webp: webpCodec({ decoder: modules.webpDecoder, encoder: modules.webpEncoder }, pool),
    avif: avifCodec({ decoder: modules.avifDecoder, encoder: modules.avifEncoder }, pool),
    png: pngCodec(modules.png, pool),
    resizer: resizer(modules.resize, pool),
    makeRoom: pool.makeRoom,
  };
}
