/** Files from pixels and pixels from files, by whatever codec the format has. */
import type { Raster, RenditionFormat } from "@vitrine/contracts";
import type { Codecs } from "../codecs/codec.ts";
import { probePicture } from "../probe/probe.ts";

export interface TestFiles {
  /** Quality 90 where none is given; what is opaque is coded without alpha. */
  encode(raster: Raster, format: RenditionFormat, quality?: number): Uint8Array;
  /** The whole picture, upright. */
  decode(bytes: Uint8Array): Raster;
  /** The raster by the pack's resizer. */
  resize(raster: Raster, size: { width: number; height: number }): Raster;
}

export function testFiles({ pack, avif }: Pick<Codecs, "pack" | "avif">): TestFiles {
  const raw = { format: "raw" } as const;
  return {
    encode(raster, format, quality = 90) {
      if (format === "avif") return avif.encode(raster, { quality });
      const hasAlpha = raster.data.some((value, i) => i % 4 === 3 && value < 255);
      return pack.encode({ ...raster, hasAlpha }, format === "png" ? { format } : { format, quality }).bytes;
    },
    decode(bytes) {
      const probe = probePicture(bytes);
      if (probe.format === "avif") return avif.decode(bytes, { reduction: 1 });
      const { width, height } = probe;
      const { bytes: data } = pack.render(bytes, { probe, plan: { output: { width, height }, encode: raw } });
      return { width, height, data };
    },
    resize(raster, output) {
      const { bytes: data } = pack.renderRaster({ ...raster, hasAlpha: true }, { plan: { output, encode: raw } });
      return { ...output, data };
    },
  };
}
