import { WorkerEntrypoint } from "cloudflare:workers";
import type { ImagesService, PreparedPicture, RenditionPlan } from "@vitrine/contracts";
import { pictureLimits, renditionEtag, renditionKey } from "@vitrine/image";
import type { Bindings } from "./adapters/bindings.ts";
import { createAdmission } from "./admission.ts";
import { codecs } from "./codecs.ts";
import { createRefusals } from "./refusals.ts";
import { prepare, renderOnce, type Surroundings } from "./renditions.ts";
import { serverTiming } from "./server-timing.ts";

/**
 * How long a visitor waits for the turn of their picture: with the 0.1 to 2 s of making it, less than the 8 s after
 * which the edge shows something else instead. Thirty to forty photos wait that long on one core.
 */
const maxWaitMillis = 2_500;
const now = () => performance.now();
/** One for the isolate, as its memory is. */
const admission = createAdmission({ budgetBytes: pictureLimits.pictureBudgetBytes, maxWaitMillis, now });
const refusals = createRefusals();

/** Renditions over a service binding; see `ImagesService` for what each answers. */
export default class Images extends WorkerEntrypoint<Bindings> implements ImagesService<Response> {
  override fetch(): Response {
    return new Response("Vitrine's images Worker is reached over its service binding.\n");
  }

  async rendition({ originalHash, plan }: { originalHash: string; plan: RenditionPlan }): Promise<Response> {
    const around = this.#surroundings();
    const headers = { "Content-Type": `image/${plan.format}`, ETag: renditionEtag(originalHash, plan) };
    const kept = await this.env.RENDITIONS.get(renditionKey(originalHash, plan));
    if (kept) {
      const about = { "Content-Length": String(kept.size), "Server-Timing": serverTiming("r2") };
      return new Response(kept.body, { headers: { ...headers, ...about } });
    }
    const making = renderOnce(originalHash, plan, around);
    // Others may wait for the same making: it goes on when this caller hangs up.
    this.ctx.waitUntil(making.catch(() => undefined));
    const { bytes, timings } = await making;
    const about = { "Content-Length": String(bytes.length), "Server-Timing": serverTiming("origin", timings) };
    return new Response(bytes, { headers: { ...headers, ...about } });
  }

  prepare(request: { originalHash: string; plans: RenditionPlan[]; rasterSide: number }): Promise<PreparedPicture> {
    return prepare(request.originalHash, request, this.#surroundings());
  }

  #surroundings(): Surroundings {
    const { ORIGINALS: originals, RENDITIONS: renditions } = this.env;
    return { originals, renditions, codecs, admission, refusals, arrivedAt: now(), now };
  }
}
