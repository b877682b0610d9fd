/** @jsquash as its README shows it for Workers: own defaults everywhere, but for the quality. */
import "./wasm-memory.ts";
import jpegDecoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
import jpegEncoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm";
import decode, { init as initDecoder } from "@jsquash/jpeg/decode.js";
import encodeJpeg, { init as initJpegEncoder } from "@jsquash/jpeg/encode.js";
import resize, { initResize } from "@jsquash/resize";
import resizer from "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm";
import webpEncoder from "@jsquash/webp/codec/enc/webp_enc_simd.wasm";
import encodeWebp, { init as initWebpEncoder } from "@jsquash/webp/encode.js";
import { serve } from "./serve.ts";
import { startStopwatch } from "./stopwatch.ts";

/** Workers have none, and the decoders end with `new ImageData`. */
class PlainImageData {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly colorSpace = "srgb";
  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}
Object.assign(globalThis, { ImageData: PlainImageData });

let ready: Promise<unknown> | undefined;

export default serve(async (source, { width, height, format, quality }) => {
  ready ??= Promise.all([
    initDecoder(jpegDecoder),
    format === "webp" ? initWebpEncoder(webpEncoder) : initJpegEncoder(jpegEncoder),
    initResize(resizer),
  ]);
  await ready;
  const stopwatch = startStopwatch();
  stopwatch.begin("decode");
  const picture = await decode(source);
  stopwatch.begin("resize");
  const small = await resize(picture, { width, height });
  stopwatch.begin("encode");
  const bytes = await (format === "webp" ? encodeWebp(small, { quality }) : encodeJpeg(small, { quality }));
  return { bytes: new Uint8Array(bytes), stages: stopwatch.stop() };
});
