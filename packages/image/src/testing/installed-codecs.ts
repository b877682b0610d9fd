/** The codecs in Node, from the files that npm installed. Not part of the package's own build: it reads files. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type CodecModules, createCodecs, createInstances } from "../codecs/index.ts";

const require = createRequire(import.meta.url);
const compile = (path: string) => new WebAssembly.Module(readFileSync(require.resolve(`@jsquash/${path}.wasm`)));

const modules: CodecModules = {
  jpegDecoder: compile("jpeg/codec/dec/mozjpeg_dec"),
  jpegEncoder: compile("jpeg/codec/enc/mozjpeg_enc"),
  webpDecoder: compile("webp/codec/dec/webp_dec"),
  webpEncoder: compile("webp/codec/enc/webp_enc_simd"),
  avifDecoder: compile("avif/codec/dec/avif_dec"),
  avifEncoder: compile("avif/codec/enc/avif_enc"),
  png: compile("png/codec/pkg/squoosh_png_bg"),
  resize: compile("resize/lib/resize/pkg/squoosh_resize_bg"),
};

/** With a pool of its own, whose peak is that of one test. */
export function installedCodecs({ maxIdleBytes = 40_000_000, maxKeptInstanceBytes = 20_000_000 } = {}) {
  const instances = createInstances({ budgetBytes: 104_000_000, maxIdleBytes, maxKeptInstanceBytes });
  return { codecs: createCodecs(modules, instances), instances };
}
