/** The native engine that everyone is measured by, on one thread and without its cache. */
import sharp from "sharp";
import type { BenchRequest, Measured } from "./protocol.ts";

sharp.concurrency(1);
sharp.cache(false);

export async function renderBySharp(
  file: Uint8Array,
  { plan: { width, height, format, quality }, times }: BenchRequest,
): Promise<{ bytes: Buffer; measured: Measured }> {
  const render = () => {
    const resized = sharp(file, { limitInputPixels: false }).autoOrient().resize(width, height, { fit: "fill" });
    return (format === "webp" ? resized.webp({ quality }) : resized.jpeg({ quality })).toBuffer();
  };
  const start = performance.now();
  let bytes = await render();
  for (let time = 1; time < times; time++) bytes = await render();
  // libvips works on demand from the last stage to the first: there are no stages to tell apart.
  return { bytes, measured: { total: (performance.now() - start) / times, stages: {} } };
}
