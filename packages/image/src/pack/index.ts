export { type FailureKind, failureKinds, PackError } from "./failure.ts";
export { type MemoryProbe, memoryProbe, predictMemory, rasterProbe } from "./memory.ts";
export { createPack, type Pack, type PackOptions, type PackResult, type RenderOptions } from "./pack.ts";
export type {
  JpegOptions,
  OutputOptions,
  PngOptions,
  RasterOptions,
  RenderPlan,
  WebpOptions,
} from "./plan.ts";
export type { RasterSource } from "./raster.ts";
