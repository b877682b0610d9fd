/** @cf-wasm/photon. Its WebP is lossless only: a quality for it does not exist. */
import "./wasm-memory.ts";
import { PhotonImage, resize, SamplingFilter } from "@cf-wasm/photon/workerd";
import { serve } from "./serve.ts";
import { startStopwatch } from "./stopwatch.ts";

export default serve((source, { width, height, format, quality }) => {
  const stopwatch = startStopwatch();
  stopwatch.begin("decode");
  const picture = PhotonImage.new_from_byteslice(new Uint8Array(source));
  stopwatch.begin("resize");
  const small = resize(picture, width, height, SamplingFilter.Lanczos3);
  picture.free();
  stopwatch.begin("encode");
  const bytes = format === "webp" ? small.get_bytes_webp() : small.get_bytes_jpeg(quality);
  small.free();
  return { bytes, stages: stopwatch.stop() };
});
