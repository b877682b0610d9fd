import type { Geometry, Reduction } from "./geometry.ts";

const steps = [1, 2, 4, 8] as const satisfies Reduction[];

/**
 * How far an AVIF is shrunk on its way out of the decoder, by an exact box filter: as far as leaves every output at
 * least twice its size, since that cannot be seen in front of lanczos3 from there on.
 */
export function chooseReduction(outputs: readonly Geometry[]): Reduction {
  const spare = Math.min(
    ...outputs.map(({ crop, output }) => Math.min(crop.width / output.width, crop.height / output.height)),
  );
  return steps.findLast((step) => spare >= 2 * step) ?? 1;
}
