import "./wasm-memory.ts";
import { probePicture } from "@vitrine/image";
import { createPack } from "@vitrine/image/pack";
import packModule from "@vitrine/image/pack.wasm";
import { serve } from "./serve.ts";

const pack = createPack(packModule, { now: () => performance.now() });

export default serve((source, { width, height, format, quality }) => {
  const bytes = new Uint8Array(source);
  const plan = { output: { width, height }, encode: { format, quality } };
  const made = pack.render(bytes, { probe: probePicture(bytes), plan });
  // Rows are resized as they are decoded, so the two are one stage.
  return { bytes: made.bytes, stages: { "decode+resize": made.timings.decode, encode: made.timings.encode } };
});
