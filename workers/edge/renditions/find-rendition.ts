/** One rendition from the nearest tier that has it: colo cache, then the images Worker (renditions bucket, making). */
import { asProblem, Problem, type RenditionPlan } from "@vitrine/contracts";
import { renditionKey } from "@vitrine/image";
import { behindAnswer } from "../aftermath.ts";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import { coloCopy, coloUrl } from "./colo.ts";
import { findSubstitute } from "./substitute.ts";

export interface FoundRendition {
  body: ReadableStream<Uint8Array> | ArrayBuffer | null;
  contentType: string;
  contentLength: string | null;
  /** A value of Server-Timing that names the tier. */
  timing: string;
  /** Something else is shown in its place: not to be kept. */
  isSubstitute: boolean;
}

export interface RenditionRequest {
  originalHash: string;
  plan: RenditionPlan;
  accept: string | null;
}

/** The images Worker lets a visitor wait 2.5 s for their turn; most pictures take 0.1 s then, and the largest 2 to 5. */
const makingDeadlineMillis = 8_000;

/**
 * The rendition. When it cannot be made because something is down, a substitute from what is kept; when the
 * picture itself is at fault, its Problem.
 */
export async function findRendition(services: Services, request: RenditionRequest): Promise<FoundRendition> {
  const { originalHash, plan } = request;
  const url = coloUrl(renditionKey(originalHash, plan));
  const cached = await services.colo.match(url).catch(() => undefined);
  if (cached) {
    const contentType = cached.headers.get("Content-Type") ?? `image/${plan.format}`;
    const contentLength = cached.headers.get("Content-Length");
    return { body: cached.body, contentType, contentLength, timing: 'cache;desc="colo", hit', isSubstitute: false };
  }
  try {
    const made = await withDeadline(
      services.images.rendition({ originalHash, plan }),
      makingDeadlineMillis,
      "The picture",
    );
    // Whole, not streamed: the length is told, and a slow client does not hold the cache's copy open.
    const bytes = await made.arrayBuffer();
    const contentType = made.headers.get("Content-Type") ?? `image/${plan.format}`;
    behindAnswer(services, "keeping a rendition", services.colo.put(url, coloCopy(bytes, contentType)));
    const timing = made.headers.get("Server-Timing") ?? 'cache;desc="origin"';
    const outcome = timing.includes('"r2"') ? "hit" : "miss";
    const contentLength = String(bytes.byteLength);
    return { body: bytes, contentType, contentLength, timing: `${timing}, ${outcome}`, isSubstitute: false };
  } catch (error) {
    const problem = asProblem(error);
    if (problem && problem.status < 500) throw problem;
    if (!problem) console.error("the images Worker failed", error);
    const substitute = await findSubstitute(services, request);
    if (substitute) return substitute;
    const later = { cause: error, retryAfterSeconds: 5 };
    throw problem ?? new Problem("unavailable", "The picture cannot be made now: ask again in a few seconds.", later);
  }
}
