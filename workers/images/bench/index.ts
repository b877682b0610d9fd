/** Takes a picture by POST and answers how long making its renditions took, stage by stage, and the WASM memory of the pack. */
import { pictureLimits, planForPreset } from "@vitrine/image";
import type { Bindings } from "../adapters/bindings.ts";
import { createAdmission } from "../admission.ts";
import { codecs, instances } from "../codecs.ts";
import { createRefusals } from "../refusals.ts";
import { prepare, renderOnce, type Surroundings } from "../renditions.ts";

const admission = createAdmission({
  budgetBytes: pictureLimits.pictureBudgetBytes,
  maxWaitMillis: 60_000,
  now: () => performance.now(),
});
const refusals = createRefusals();

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    const { pathname } = new URL(request.url);
    const hash = crypto.randomUUID();
    await env.ORIGINALS.put(hash, await request.arrayBuffer());
    const around: Surroundings = {
      originals: env.ORIGINALS,
      renditions: env.RENDITIONS,
      codecs,
      admission,
      refusals,
      arrivedAt: performance.now(),
      now: () => performance.now(),
    };
    const start = performance.now();
    const plans = [planForPreset("feed", "webp"), planForPreset("thumbnail", "webp")];
    const made =
      pathname === "/prepare"
        ? await prepare(hash, { plans, rasterSide: 256 }, around).then(() => ({}))
        : await renderOnce(hash, planForPreset("feed", "webp"), around).then(({ timings, peakMemoryBytes }) => ({
            ...timings,
            peakBytes: peakMemoryBytes,
          }));
    return Response.json({ total: performance.now() - start, ...made, idleBytes: instances.idleBytes() });
  },
};
