/** The canvas into a file, with every default of an encoder in one place. */
import type { Raster } from "@vitrine/contracts";
import type { Size } from "../geometry.ts";
import { type Header, meanings } from "./header.ts";
import type { PackInstance } from "./instance.ts";
import { type OutputOptions, type RenderPlan, webpSettings } from "./plan.ts";
import type { Route } from "./route.ts";

/** zlib's default. */
const pngLevel = 6;
const white = 0xffffff;
/** Chroma that says grey. */
const neutral = 128;

/** The encoded file, copied out of the module's memory. */
export function encodeCanvas(
  instance: PackInstance,
  {
    header,
    route,
    plan,
  }: {
    header: Pick<Header, "hasAlpha" | "colour">;
    route: Pick<Route, "staysPlanar" | "encodesRgb">;
    plan: RenderPlan;
  },
): Uint8Array {
  const { encode } = plan;
  const flattens = plan.background !== undefined || encode.format === "jpeg";
  if (flattens && header.hasAlpha) instance.exports.canvas_flatten(plan.background ?? white);
  if (encode.format === "raw") return rasterOf(instance, plan).data;
  if (route.staysPlanar && header.colour === meanings.grey && encode.format === "webp")
    addNeutralChroma(instance, plan);
  runEncoder(instance, { encode, route, output: plan.output });
  return instance.bytes(instance.exports.output(), instance.exports.output_size()).slice();
}

function runEncoder(
  { exports }: PackInstance,
  of: { encode: Exclude<OutputOptions, { format: "raw" }>; route: Pick<Route, "encodesRgb">; output: Size },
): void {
  const { encode: options } = of;
  switch (options.format) {
    case "webp": {
      const settings = webpSettings(options, of.output);
      exports.webp_encode(
        settings.quality,
        settings.method,
        Number(settings.lossless),
        settings.alphaQuality,
        Number(settings.sharpYuv),
        Number(settings.savesMemory),
        Number(of.route.encodesRgb),
      );
      return;
    }
    case "jpeg":
      exports.jpeg_encode(
        options.quality,
        Number(options.progressive ?? false),
        Number(options.optimise ?? false),
        Number((options.chroma ?? "4:2:0") === "4:2:0"),
      );
      return;
    case "png":
      exports.png_encode(options.level ?? pngLevel, exports.canvas_opaque());
      return;
  }
}

function addNeutralChroma({ exports }: PackInstance, { output }: RenderPlan): void {
  const width = Math.ceil(output.width / 2);
  const height = Math.ceil(output.height / 2);
  exports.canvas_fill(1, width, height, neutral);
  exports.canvas_fill(2, width, height, neutral);
}

/** The canvas as pixels in JavaScript. */
export function rasterOf(instance: PackInstance, { output: { width, height } }: Pick<RenderPlan, "output">): Raster {
  const at = instance.exports.canvas_data(0);
  const stride = instance.exports.canvas_stride(0);
  const raster = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) raster.set(instance.bytes(at + y * stride, 4 * width), 4 * width * y);
  return { width, height, data: raster };
}
