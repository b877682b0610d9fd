/** The codecs of this isolate. The only file that imports `.wasm`: the bundler compiles those ahead. */
import avifDecoder from "@jsquash/avif/codec/dec/avif_dec.wasm";
import avifEncoder from "@jsquash/avif/codec/enc/avif_enc.wasm";
import { pictureLimits } from "@vitrine/image";
import { createCodecs, createInstances } from "@vitrine/image/codecs";
import pack from "@vitrine/image/pack.wasm";

/** AVIF's, which are kept until another picture needs their room. */
export const instances = createInstances({
  budgetBytes: pictureLimits.pictureBudgetBytes,
  // A decoder or an encoder of small pictures: emscripten's first 16.8 MB.
  maxIdleBytes: 20_000_000,
  maxKeptInstanceBytes: 20_000_000,
});

export const codecs = createCodecs({ pack, avifDecoder, avifEncoder }, instances, { now: () => performance.now() });
