/** The codecs in Node, from the files beside the sources. Not part of the package's own build: it reads files. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type CodecModules, createCodecs, createInstances } from "../codecs/index.ts";

const require = createRequire(import.meta.url);
const compile = (path: string | URL) => new WebAssembly.Module(readFileSync(path));
const jsquash = (path: string) => compile(require.resolve(`@jsquash/avif/codec/${path}.wasm`));

const modules: CodecModules = {
  pack: compile(new URL("../../native/pack.wasm", import.meta.url)),
  avifDecoder: jsquash("dec/avif_dec"),
  avifEncoder: jsquash("enc/avif_enc"),
};

/** With a pool of its own, whose peak is that of one test. */
export function installedCodecs({ maxIdleBytes = 40_000_000, maxKeptInstanceBytes = 20_000_000 } = {}) {
  const instances = createInstances({ budgetBytes: 104_000_000, maxIdleBytes, maxKeptInstanceBytes });
  return { codecs: createCodecs(modules, instances), instances };
}
