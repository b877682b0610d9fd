/** `format=auto`: AVIF, then WebP, then what every client reads. Presets have their own order (`negotiateFormat`). */
import { Problem, type RenditionFormat, type RenditionPlan } from "@vitrine/contracts";
import { planGeometry } from "../geometry.ts";
import { acceptsFormat, negotiateFormat } from "../negotiate.ts";
import type { MemoryProbe } from "../pack/memory.ts";
import { assertMakeable } from "../pipeline.ts";
import { qualityOn } from "../presets.ts";
import type { RequestHints } from "./hints.ts";

/**
 * The longest side in pixels that AVIF is chosen for, Cloudflare's own limit of `auto`
 * (https://developers.cloudflare.com/images/transform-images/transform-via-url/#format).
 */
export const maxAutomaticAvifSide = 1_600;

export interface AutomaticSource {
  hasAlpha: boolean;
  /** What its header tells; AVIF is left to those who name it where that is not known. */
  probe?: MemoryProbe | null;
}

/** The format for these hints; `plan` is the rest of what is asked for, in any format. */
export function automaticFormat(
  { accept }: RequestHints,
  source: AutomaticSource,
  plan: RenditionPlan,
): RenditionFormat {
  const takesAvif = acceptsFormat(accept, "avif");
  if (takesAvif && source.probe && isAffordable(source.probe, plan)) return "avif";
  // Who names AVIF alone gets it however large it is: nothing else that is as small would be shown.
  return negotiateFormat(accept, source);
}

/** Whether AVIF's encoder has the time and the memory for it, beside what reading this source takes. */
function isAffordable(probe: MemoryProbe, plan: RenditionPlan): boolean {
  const { final } = planGeometry(probe, plan);
  if (Math.max(final.width, final.height) > maxAutomaticAvifSide) return false;
  try {
    assertMakeable(probe, { ...plan, format: "avif", quality: qualityOn("avif", plan.quality) });
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
