import type { RenditionPlan } from "@vitrine/contracts";
import type { OutputOptions } from "../pack/plan.ts";

/** AVIF is the one format that the pack does not encode. */
export interface AvifOptions {
  format: "avif";
  quality: number;
}

/** From here on chroma is kept in full, as libvips does: who asks for so much would see the difference. */
const fullChromaFromQuality = 90;

/** In lossless WebP the quality is the effort; this is libwebp's default, and 100 takes several times as long. */
const losslessEffort = 75;
/** libwebp's fastest. */
const fastWebpMethod = 0;

/** How a plan is encoded. AVIF is always made at the encoder's fastest: libavif's speed 10 is aom's 9, its bytes are the same. */
export function encodeOptionsOf(plan: RenditionPlan): OutputOptions | AvifOptions {
  const { format, quality } = plan;
  const isFast = plan.compression === "fast";
  switch (format) {
    case "webp": {
      const method = isFast ? { method: fastWebpMethod } : {};
      return plan.isLossless
        ? { format, quality: losslessEffort, lossless: true, ...method }
        : { format, quality, ...method };
    }
    case "jpeg": {
      const hasFullChroma = plan.hasFullChroma || quality >= fullChromaFromQuality;
      const isProgressive = plan.isProgressive && !isFast;
      return {
        format,
        quality,
        chroma: hasFullChroma ? "4:4:4" : "4:2:0",
        ...(isProgressive ? { progressive: true } : {}),
      };
    }
    case "png":
      return { format, ...(plan.isIndexed ? { quality } : {}), ...(isFast ? { isFast } : {}) };
    case "avif":
      return { format, quality };
  }
}
