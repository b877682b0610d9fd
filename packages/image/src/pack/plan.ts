/** What is to be made: plain data. Everything is about the upright picture. */
import type { Region, Size } from "../geometry.ts";

export interface WebpOptions {
  format: "webp";
  quality: number;
  /** 0 fastest to 6 smallest; 4 is libwebp's and sharp's own choice. */
  method?: number;
  lossless?: boolean;
  alphaQuality?: number;
  /** Sharper chroma edges, at twice the time: for drawings. */
  sharpYuv?: boolean;
  /** Codes in two passes instead of keeping all tokens, and a JPEG's planes: a third of the memory, some more time. */
  savesMemory?: boolean;
}

export interface JpegOptions {
  format: "jpeg";
  quality: number;
  progressive?: boolean;
  /** Huffman tables for this picture: a few per cent smaller, a fifth slower. */
  optimise?: boolean;
  chroma?: "4:2:0" | "4:4:4";
}

export interface PngOptions {
  format: "png";
  /** With it, a palette: of as many colours, up to 256, as keep the error that this allows. */
  quality?: number;
  /** Little time for more bytes. */
  isFast?: boolean;
}

/** RGBA, not premultiplied, rows without padding. */
export interface RasterOptions {
  format: "raw";
}

export type OutputOptions = WebpOptions | JpegOptions | PngOptions | RasterOptions;

export interface RenderPlan {
  /** Part of the upright source in whole pixels; all of it when left out. */
  crop?: Region;
  /** Size of the result. */
  output: Size;
  encode: OutputOptions;
  /** Under transparency, 0xRRGGBB; needed where the format has none, which takes white when left out. */
  background?: number;
}

/** Whether the encoder of a plan takes subsampled YCbCr planes as they come from the decoder. */
export function takesPlanes(encode: OutputOptions): boolean {
  if (encode.format === "jpeg") return true;
  return encode.format === "webp" && !encode.lossless && !encode.sharpYuv;
}

/**
 * Whether the planes of a JPEG stay YCbCr. For WebP they would be as good as RGB, in half the samples, but its encoder
 * turns differences of rounding into larger ones: SSIM against sharp's file was 0.966 to 0.99 that way. Only what
 * saves memory takes it.
 */
export function keepsYcc({ encode, output }: RenderPlan): boolean {
  if (encode.format === "jpeg") return true;
  return encode.format === "webp" && takesPlanes(encode) && webpSettings(encode, output).savesMemory;
}

/** Luma samples for one of chroma, each way, in the planes that the encoder takes. */
export function chromaDivisor(encode: OutputOptions): 1 | 2 {
  if (encode.format === "jpeg") return encode.chroma === "4:4:4" ? 1 : 2;
  return encode.format === "webp" ? 2 : 1;
}

/** libwebp's default, and sharp's: the last method before time doubles for a few per cent. */
const defaultWebpMethod = 4;
/** Beyond these pixels a picture of noise would take 76 MB of tokens, half of an isolate: 19 bytes a pixel, or 28.5. */
const tokenPixels = 4_000_000;
const tokenPixelsAtFullQuality = 2_600_000;

/** The options of a WebP with every default filled in. */
export function webpSettings(options: WebpOptions, output: Size): Required<Omit<WebpOptions, "format">> {
  return {
    quality: options.quality,
    method: options.method ?? defaultWebpMethod,
    lossless: options.lossless ?? false,
    alphaQuality: options.alphaQuality ?? 100,
    sharpYuv: options.sharpYuv ?? false,
    savesMemory: options.savesMemory ?? output.width * output.height > keptTokens(options.quality),
  };
}

const keptTokens = (quality: number) => (quality > 85 ? tokenPixelsAtFullQuality : tokenPixels);
