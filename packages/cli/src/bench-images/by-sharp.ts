/** The native engine that everyone is measured by, on one thread and without its cache. */
import sharp from "sharp";
import type { BenchPlan, Measured } from "./protocol.ts";

sharp.concurrency(1);
sharp.cache(false);

export async function renderBySharp(
  file: Uint8Array,
  { width, height, format, quality }: BenchPlan,
): Promise<{ bytes: Buffer; measured: Measured }> {
  const start = performance.now();
  const resized = sharp(file, { limitInputPixels: false }).autoOrient().resize(width, height, { fit: "fill" });
  const bytes = await (format === "webp" ? resized.webp({ quality }) : resized.jpeg({ quality })).toBuffer();
  // libvips works on demand from the last stage to the first: there are no stages to tell apart.
  return { bytes, measured: { total: performance.now() - start, stages: {} } };
}
