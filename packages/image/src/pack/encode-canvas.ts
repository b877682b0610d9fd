/** The canvas into a file, with every default of an encoder in one place. */
import type { Raster } from "@vitrine/contracts";
import type { Size } from "../geometry.ts";
import { type Header, meanings } from "./header.ts";
import type { PackExports, PackInstance } from "./instance.ts";
import { type OutputOptions, type PngOptions, type RenderPlan, webpSettings } from "./plan.ts";
import type { Route } from "./route.ts";

/**
 * zlib's level and strategy, and PNG_FILTER_ flags of png.h. `usual`: at level 6, deflate looks four times as long
 * through filtered rows for matches that are seldom there: 138 ms for 736×601 of a photograph in 670 kB, and 40 ms in
 * 700 kB here (sharp without filters: 20 ms in 1,045 kB). `fast` looks for runs only (Z_RLE), with one filter.
 */
const pngSettings = {
  usual: { level: 4, filters: 0xf8, strategy: 0 },
  fast: { level: 1, filters: 0x10, strategy: 3 },
} as const;
const paletteLevels = { usual: 6, fast: 1 } as const;
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
      encodePng(exports, options);
      return;
  }
}

function encodePng(exports: PackExports, { quality, isFast = false }: PngOptions): void {
  const pace = isFast ? "fast" : "usual";
  if (quality !== undefined) {
    exports.png_encode_palette(paletteLevels[pace], quality);
    return;
  }
  const { level, filters, strategy } = pngSettings[pace];
  exports.png_encode(level, filters, strategy, exports.canvas_opaque());
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
