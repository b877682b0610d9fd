/** What is shown while a rendition cannot be made: the nearest one that is kept, or the original. */
import { type RenditionFormat, renditionFormats } from "@vitrine/contracts";
import { keptWhole, negotiateFormat, type PlannedPreset, planForPreset, presets, renditionKey } from "@vitrine/image";
import type { Services } from "../context.ts";
import { withDeadline } from "../deadline.ts";
import type { FoundRendition, RenditionRequest } from "./find-rendition.ts";

/** One list of at most a thousand keys and one read: beyond it the original is asked for. */
const listDeadlineMillis = 1_500;

/**
 * Undefined when nothing is kept that this client can show. Never rejects: what is asked here may be the very thing
 * that is down, and each bucket is asked for itself.
 */
export async function findSubstitute(
  services: Services,
  request: RenditionRequest,
): Promise<FoundRendition | undefined> {
  const shown = formatsShown(request);
  const asked = withDeadline(nearestKept(services, request, shown), listDeadlineMillis, "What is kept");
  const nearest = await asked.catch(() => undefined);
  return nearest ?? (await shownOriginal(services, request, shown).catch(() => undefined));
}

async function nearestKept(
  services: Services,
  { originalHash, plan: wanted }: RenditionRequest,
  shown: Set<RenditionFormat>,
) {
  const prefix = renditionKey(originalHash, wanted).replace(/[^/]+$/, "");
  const { objects } = await services.renditions.list({ prefix });
  const presetOf = namesOfPresets(originalHash);
  const distance = (width: number | null) => Math.abs((width ?? ownWidth) - (wanted.width ?? ownWidth));
  const [nearest] = objects
    .map(({ key }) => ({
      key,
      name: presetOf.get(key)?.name ?? "options",
      ...(presetOf.get(key)?.plan ?? keptWhole(key)),
    }))
    .filter(({ format }) => format && shown.has(format))
    .sort((a, b) => distance(a.width ?? null) - distance(b.width ?? null));
  const kept = nearest && (await services.renditions.get(nearest.key));
  return kept ? substitute(kept, { contentType: `image/${nearest.format}`, name: nearest.name }) : undefined;
}

/** A plan without a width is of the picture's own: as wide as most are. */
const ownWidth = 3_000;

async function shownOriginal(services: Services, request: RenditionRequest, shown: Set<RenditionFormat>) {
  const original = await services.originals.head(request.originalHash);
  const contentType = original?.httpMetadata?.contentType ?? "";
  if (![...shown].some((format) => contentType === `image/${format}`)) return undefined;
  const file = await services.originals.get(request.originalHash);
  return file ? substitute(file, { contentType, name: "original" }) : undefined;
}

/** The keys that presets of this original have. */
function namesOfPresets(originalHash: string) {
  const names = Object.keys(presets) as PlannedPreset[];
  const plans = names.flatMap((name) =>
    renditionFormats.map((format) => ({ name, plan: planForPreset(name, format) })),
  );
  return new Map(plans.map((each) => [renditionKey(originalHash, each.plan), each]));
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
