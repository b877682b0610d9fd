/** The codecs of this isolate. The only file that imports `.wasm`: the bundler compiles those ahead. */
import avifDecoder from "@jsquash/avif/codec/dec/avif_dec.wasm";
import avifEncoder from "@jsquash/avif/codec/enc/avif_enc.wasm";
import jpegDecoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
import jpegEncoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm";
import png from "@jsquash/png/codec/pkg/squoosh_png_bg.wasm";
import resize from "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm";
import webpDecoder from "@jsquash/webp/codec/dec/webp_dec.wasm";
import webpEncoder from "@jsquash/webp/codec/enc/webp_enc_simd.wasm";
import { pictureLimits } from "@vitrine/image";
import { createCodecs, createInstances } from "@vitrine/image/codecs";

export const instances = createInstances({
  budgetBytes: pictureLimits.pictureBudgetBytes,
  // The import's three: JPEG decoder and WebP encoder of 16.8 MB each, and the resizer.
  maxIdleBytes: 40_000_000,
  maxKeptInstanceBytes: 20_000_000,
});

export const codecs = createCodecs(
  { avifDecoder, avifEncoder, jpegDecoder, jpegEncoder, png, resize, webpDecoder, webpEncoder },
  instances,
);
