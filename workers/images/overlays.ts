/** The pictures that a plan draws on top, as pixels in their size. */
import type { Overlay, Raster, RenditionPlan } from "@vitrine/contracts";
import { makePicture, planPicture, probePicture } from "@vitrine/image";
import type { Surroundings } from "./renditions.ts";

/** PNG loses nothing, so that an overlay is kept like any rendition and costs next to nothing the second time. */
export function overlayPlan({ fit, width, height, gravity }: Overlay): RenditionPlan {
  return { fit, width, height, gravity, format: "png", quality: 100 };
}

/** One after the other: each takes its turn in the budget of the isolate. `render` answers the bytes of a rendition. */
export async function overlaysOf(
  plan: RenditionPlan,
  render: (originalHash: string, plan: RenditionPlan) => Promise<Uint8Array>,
  around: Surroundings,
): Promise<Raster[]> {
  const overlays: Raster[] = [];
  for (const overlay of plan.draw ?? []) {
    overlays.push(await rasterOf(await render(overlay.originalHash, overlayPlan(overlay)), around));
  }
  return overlays;
}

async function rasterOf(png: Uint8Array, around: Surroundings): Promise<Raster> {
  const probe = probePicture(png);
  const planned = planPicture(probe, [], Math.max(probe.width, probe.height));
  const release = await around.admission.admit(planned.predictedBytes);
  try {
    const { raster } = await makePicture(png, planned, around);
    if (!raster) throw new Error("no raster was made");
    return raster;
  } finally {
    release();
  }
}
