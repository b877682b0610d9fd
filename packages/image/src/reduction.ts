import type { Reduction } from "./geometry.ts";
import { pictureLimits } from "./limits.ts";
import { predictBytes, type Work } from "./memory.ts";

const steps = [1, 2, 4, 8] as const satisfies Reduction[];

/**
 * How far the decoder shall shrink: as far as leaves every output at least twice its size, since a box filter in
 * front of lanczos3 cannot be seen from there on, and further where the picture would not fit into memory.
 */
export function chooseReduction(work: Omit<Work, "reduction">): Reduction {
  const spare = Math.min(
    ...work.outputs.map(({ geometry: { crop, output } }) =>
      Math.min(crop.width / output.width, crop.height / output.height),
    ),
  );
  const unseen = steps.findLast((step) => spare >= 2 * step) ?? 1;
  const fitting = steps.find(
    (step) => step >= unseen && predictBytes({ ...work, reduction: step }) <= pictureLimits.pictureBudgetBytes,
  );
  return fitting ?? 8;
}
