/** `format=auto` where the format of choice takes more memory than there is: one that takes less, before a refusal. */
import { asProblem } from "@vitrine/contracts";
import type { MemoryProbe } from "../pack/memory.ts";
import { assertMakeable } from "../pipeline.ts";
import { type PlanContext, type PlannedOptions, planOptions } from "./plan-options.ts";
import type { ImageOptions } from "./table.ts";

/**
 * As `planOptions`, for a picture whose header is known. With transparency PNG is tried before JPEG, which has none.
 * What fits in no format is planned in the one of choice: making it says why it is refused.
 */
export function planFitting(options: ImageOptions, context: PlanContext & { probe: MemoryProbe }): PlannedOptions {
  const planned = planOptions(options, context);
  if (options.format !== "auto" || isMakeable(context.probe, planned)) return planned;
  const smaller = context.source.hasAlpha ? (["png", "jpeg"] as const) : (["jpeg"] as const);
  for (const format of smaller) {
    const instead = planOptions({ ...options, format }, context);
    if (isMakeable(context.probe, instead)) return { ...instead, vary: planned.vary };
  }
  return planned;
}

function isMakeable(probe: MemoryProbe, { plan }: PlannedOptions): boolean {
  try {
    assertMakeable(probe, plan);
    return true;
  } catch (error) {
    if (asProblem(error)?.code === "too-many-pixels") return false;
    throw error;
  }
}
