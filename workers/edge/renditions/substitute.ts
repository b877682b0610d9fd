/** What is shown while a rendition cannot be made: the nearest one that is kept, or the original. */
import { type RenditionFormat, type RenditionPlan, renditionFormats } from "@vitrine/contracts";
import { negotiateFormat, type PlannedPreset, planForPreset, presets, renditionKey } from "@vitrine/image";
import type { Services } from "../context.ts";
import type { FoundRendition, RenditionRequest } from "./find-rendition.ts";

/**
 * Undefined when nothing is kept that this client can show. Never rejects: what is asked here may be the very thing
 * that is down, and each bucket is asked for itself.
 */
export async function findSubstitute(
  services: Services,
  request: RenditionRequest,
): Promise<FoundRendition | undefined> {
  const shown = formatsShown(request);
  const nearest = await nearestKept(services, request, shown).catch(() => undefined);
  return nearest ?? (await shownOriginal(services, request, shown).catch(() => undefined));
}

async function nearestKept(services: Services, request: RenditionRequest, shown: Set<RenditionFormat>) {
  for (const { plan, name } of await keptRenditions(services, request)) {
    if (!shown.has(plan.format)) continue;
    const kept = await services.renditions.get(renditionKey(request.originalHash, plan));
    if (kept) return substitute(kept, { contentType: `image/${plan.format}`, name });
  }
  return undefined;
}

async function shownOriginal(services: Services, request: RenditionRequest, shown: Set<RenditionFormat>) {
  const original = await services.originals.head(request.originalHash);
  const contentType = original?.httpMetadata?.contentType ?? "";
  if (![...shown].some((format) => contentType === `image/${format}`)) return undefined;
  const file = await services.originals.get(request.originalHash);
  return file ? substitute(file, { contentType, name: "original" }) : undefined;
}

/** Plans whose renditions are in the bucket, the nearest in width first. */
async function keptRenditions(services: Services, { originalHash, plan: wanted }: RenditionRequest) {
  const prefix = renditionKey(originalHash, wanted).replace(/[^/]+$/, "");
  const { objects } = await services.renditions.list({ prefix });
  const keys = new Set(objects.map(({ key }) => key));
  const names = Object.keys(presets) as PlannedPreset[];
  const plans = names.flatMap((name) =>
    renditionFormats.map((format) => ({ name, plan: planForPreset(name, format) })),
  );
  const distance = (plan: RenditionPlan) => Math.abs((plan.width ?? 0) - (wanted.width ?? 0));
  return plans
    .filter(({ plan }) => keys.has(renditionKey(originalHash, plan)))
    .sort((a, b) => distance(a.plan) - distance(b.plan));
}

/** JPEG and PNG are shown everywhere; the others where they were asked for. */
function formatsShown({ plan, accept }: RenditionRequest): Set<RenditionFormat> {
  return new Set(["jpeg", "png", plan.format, negotiateFormat(accept, { hasAlpha: false })]);
}

function substitute(file: R2ObjectBody, { contentType, name }: { contentType: string; name: string }): FoundRendition {
  return {
    body: file.body,
    contentType,
    contentLength: String(file.size),
    timing: `cache;desc="r2", degraded;desc="${name}"`,
    isSubstitute: true,
  };
}
