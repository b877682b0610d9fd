/** What makes pictures: the pack for all formats but AVIF, and @jsquash for that one. */
import type { Raster } from "@vitrine/contracts";
import type { Reduction } from "../geometry.ts";
import type { Pack } from "../pack/pack.ts";

/** Calls are synchronous, and take the memory that `memory.ts` predicts. */
export interface AvifCodec {
  /**
   * The pixels as stored (turning them is the pack's), each side divided by `reduction` and rounded up.
   * Throws for a picture that cannot be decoded; the codec is as good as new afterwards.
   */
  decode(bytes: Uint8Array, request: { reduction: Reduction }): Raster;
  /** `quality` is 1..100. */
  encode(raster: Raster, request: { quality: number }): Uint8Array;
}

export interface Codecs {
  pack: Pack;
  avif: AvifCodec;
  /** Called before pictures that are predicted to take so many bytes together: of what is idle, only the rest is kept. */
  makeRoom(bytes: number): void;
}
