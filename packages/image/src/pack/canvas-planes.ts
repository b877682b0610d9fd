/** Opens the module's planes for a decoder: filters computed here, laid into its memory. */
import type { PackInstance } from "./instance.ts";
import { type PlaneSource, type PlaneTarget, planeFilters } from "./planes.ts";

export function openPlane(instance: PackInstance, index: number, source: PlaneSource, target: PlaneTarget): void {
  const { box, x, y, bias, output } = planeFilters(source, target);
  const { exports } = instance;
  exports.plane_filters(
    index,
    x.taps,
    instance.put(x.starts),
    instance.put(x.weights),
    y.taps,
    instance.put(y.starts),
    instance.put(y.weights),
    bias,
  );
  exports.plane_open(
    index,
    source.channels,
    source.premultiply ? 1 : 0,
    box,
    x.offset,
    y.offset,
    x.length,
    y.length,
    output.width,
    output.height,
  );
}
