import webpDecoder from "@jsquash/webp/codec/dec/webp_dec.js";
import webpEncoder from "@jsquash/webp/codec/enc/webp_enc_simd.js";
import { reduce } from "../steps/reduce.ts";
import { borrowPixels, decoderKind } from "./borrowed-pixels.ts";
import type { Codec } from "./codec.ts";
import { emscriptenKind } from "./emscripten.ts";
import type { Instances } from "./instances.ts";

interface Decoder {
  decode(bytes: Uint8Array): unknown;
}
interface Encoder {
  encode(data: Uint8Array, width: number, height: number, options: typeof encodeOptions): Uint8Array | null;
}

/** libwebp's defaults (struct WebPConfig in encode.h). */
const encodeOptions = {
  quality: 75,
  target_size: 0,
  target_PSNR: 0,
  method: 4,
  sns_strength: 50,
  filter_strength: 60,
  filter_sharpness: 0,
  filter_type: 1,
  partitions: 0,
  segments: 4,
  pass: 1,
  show_compressed: 0,
  preprocessing: 0,
  autofilter: 0,
  partition_limit: 0,
  alpha_compression: 1,
  alpha_filtering: 1,
  alpha_quality: 100,
  lossless: 0,
  exact: 0,
  image_hint: 0,
  emulate_jpeg_size: 0,
  thread_level: 0,
  low_memory: 0,
  near_lossless: 100,
  use_delta_palette: 0,
  use_sharp_yuv: 0,
};

export function webpCodec(
  modules: { decoder: WebAssembly.Module; encoder: WebAssembly.Module },
  pool: Instances,
): Codec {
  const decoders = decoderKind<Decoder>(webpDecoder, modules.decoder);
  const encoders = emscriptenKind<Encoder>(webpEncoder, modules.encoder);
  return {
    format: "webp",
    decode(bytes, { reduction }) {
      return pool.use(decoders, (decoder) =>
        borrowPixels(
          () => decoder.decode(bytes),
          (pixels) => reduce(pixels, reduction),
        ),
      );
    },
    encode({ data, width, height }, { quality }) {
      return pool.use(encoders, (encoder) => {
        const bytes = encoder.encode(data, width, height, { ...encodeOptions, quality });
        if (!bytes) throw new Error(`libwebp refused ${width}×${height}`);
        return bytes;
      });
    },
  };
}
