/** `/image/{options}/{source}`, and `/cdn-cgi/image/…` where that arrives: the option language, over the same tiers as presets. */
import { Problem } from "@vitrine/contracts";
import {
  type ImageOptions,
  type PlanContext,
  type PlannedOptions,
  parseOptions,
  planFitting,
  planGeometry,
  planOptions,
  renditionEtag,
} from "@vitrine/image";
import type { Context } from "hono";
import type { EdgeEnv } from "../context.ts";
import { commonHeaders, isUnchanged, notModified, respond, withoutBodyForHead } from "../renditions/answer.ts";
import { findRendition } from "../renditions/find-rendition.ts";
import { descriptionOf, findPlaceholder, placeholderBody } from "../renditions/placeholder.ts";
import { type ResolvedSource, resolveSource, sourceOf } from "../renditions/source.ts";
import { sourceFacts } from "../renditions/source-facts.ts";
import { createRouter } from "../router.ts";
import { requireSignatureUnlessPreset } from "../signing.ts";

export const imageOptionRoutes = createRouter();

for (const path of ["/image/*", "/cdn-cgi/image/*"]) {
  imageOptionRoutes.get(path, async (c) => withoutBodyForHead(c, await answer(c)));
  imageOptionRoutes.on(["POST", "PUT", "PATCH", "DELETE"], path, () => {
    throw new Problem("method-not-allowed", "Renditions are only read: use GET or HEAD.");
  });
}

async function answer(c: Context<EdgeEnv>): Promise<Response> {
  const url = new URL(c.req.url);
  const { options, source: sourceText } = readPath(url.pathname);
  await requireSignatureUnlessPreset(c.var.services.settings, { url, isPreset: false, nowSeconds: Date.now() / 1000 });
  const source = await resolveSource(c, sourceOf(sourceText, url));
  const overlays = await resolveOverlays(c, options);
  const planned = await planFor(c, { options, source, overlays });
  const headers = headersFor([source, ...overlays.values()]);
  for (const name of planned.vary) headers.append("Vary", name);
  if (options.width === "auto") headers.set("Accept-CH", "Sec-CH-DPR, Sec-CH-Viewport-Width");
  if (planned.description) return describe(c, { source, planned, description: planned.description, headers });
  headers.set("ETag", renditionEtag(source.originalHash, planned.plan));
  if (isUnchanged(c, headers)) return notModified(headers);
  try {
    const request = { originalHash: source.originalHash, plan: planned.plan, accept: c.req.header("accept") ?? null };
    return respond(await findRendition(c.var.services, request), headers);
  } catch (error) {
    // To this host alone: a remote source would make the service an open redirect.
    if (!planned.redirectsOnError || !source.pin) throw error;
    return redirectToOriginal(`/i/${source.pin.pinId}/original${url.search}`);
  }
}

/** The options are everything up to the first slash, the source all behind it. */
function readPath(pathname: string): { options: ImageOptions; source: string } {
  const [, options, source] = /^(?:\/cdn-cgi)?\/image\/([^/]*)\/(.+)$/s.exec(pathname) ?? [];
  if (options === undefined || source === undefined) {
    throw new Problem("not-found", "Ask for /image/{options}/{source}, such as /image/width=300/{pin}.");
  }
  return { options: parseOptions(options), source };
}

/** By the names under which they were asked for; the caller has to see each. */
async function resolveOverlays(c: Context<EdgeEnv>, { draw = [] }: ImageOptions): Promise<Map<string, ResolvedSource>> {
  const overlays = new Map<string, ResolvedSource>();
  for (const { source } of draw) if (!overlays.has(source)) overlays.set(source, await resolveSource(c, source));
  return overlays;
}

interface Wanted {
  options: ImageOptions;
  source: ResolvedSource;
  overlays: ReadonlyMap<string, ResolvedSource>;
}

async function planFor(c: Context<EdgeEnv>, { options, source, overlays }: Wanted): Promise<PlannedOptions> {
  const facts = await sourceFacts(c.var.services, source.originalHash);
  if (!facts) throw new Problem("not-found", "The original of this picture is gone.");
  const header = (name: string) => c.req.header(name) ?? null;
  const context: PlanContext = {
    source: facts,
    overlayHashes: new Map([...overlays].map(([name, { originalHash }]) => [name, originalHash])),
    hints: {
      accept: header("accept"),
      userAgent: header("user-agent"),
      secChDpr: header("sec-ch-dpr"),
      secChViewportWidth: header("sec-ch-viewport-width"),
      saveData: header("save-data"),
      ect: header("ect"),
      rtt: header("rtt"),
      downlink: header("downlink"),
    },
  };
  return facts.probe ? planFitting(options, { ...context, probe: facts.probe }) : planOptions(options, context);
}

/** Kept by others only when all that is seen is public, and purged with any of it. */
function headersFor(sources: readonly ResolvedSource[]): Headers {
  const visibility = sources.some(({ pin }) => pin?.picture.visibility === "secret") ? "secret" : "public";
  const tags = sources.flatMap(({ pin, originalHash }) => [
    ...(pin ? [`pin:${pin.pinId}`] : []),
    `original:${originalHash}`,
  ]);
  return commonHeaders({ visibility }, [...new Set(tags)]);
}

interface Described {
  source: ResolvedSource;
  planned: PlannedOptions;
  description: NonNullable<PlannedOptions["description"]>;
  headers: Headers;
}

/** Sizes of the rendition and its original, colours and placeholders, or one of these, without making the rendition. */
async function describe(c: Context<EdgeEnv>, described: Described): Promise<Response> {
  const { source, planned, description, headers } = described;
  const { plan } = planned;
  if (plan.trim && !("top" in plan.trim)) {
    throw new Problem(
      "invalid-request",
      "The size without its border is only known once it is cut: leave the border to be trimmed out.",
    );
  }
  const { record, timing } = await findPlaceholder(c.var.services, source.originalHash);
  const original = descriptionOf(record, undefined);
  const body = placeholderBody(description, original);
  headers.set("Content-Type", body.contentType);
  headers.set("Server-Timing", timing);
  if (description !== "json") return new Response(body.text, { headers });
  const { final } = planGeometry(original, plan);
  return new Response(JSON.stringify({ ...final, format: plan.format, original }), { headers });
}

function redirectToOriginal(location: string): Response {
  return new Response(null, { status: 302, headers: { Location: location, "Cache-Control": "private, max-age=5" } });
}
