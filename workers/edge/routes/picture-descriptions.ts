/** What is said about a pin's picture beside its renditions: sizes for a page, and placeholders. */
import { createRoute } from "@hono/zod-openapi";
import { PictureDescription, PictureSources, PinId } from "@vitrine/contracts";
import { type PlaceholderFormat, pipelineVersion, placeholderFormats, placeholderKey } from "@vitrine/image";
import { getPictureFacts, type ShownPicture } from "@vitrine/store";
import type { Context } from "hono";
import { z } from "zod";
import type { EdgeEnv } from "../context.ts";
import { ActingQuery, json, problems, tokenOptional } from "../openapi.ts";
import { originalOf, pinPicture } from "../pin-access.ts";
import { pinNotFound, signedPath } from "../pins.ts";
import { assertSeen } from "../renditions/access.ts";
import { commonHeaders, isUnchanged, notModified } from "../renditions/answer.ts";
import { pictureSources, sizeOf } from "../renditions/picture-sources.ts";
import { descriptionOf, findPlaceholder, placeholderBody } from "../renditions/placeholder.ts";
import { createRouter } from "../router.ts";

export const pictureDescriptionRoutes = createRouter();

const tags = ["renditions"];
const SignedQuery = ActingQuery.extend({
  exp: z.string().optional().meta({ description: "Of a signed URL: when it ends, in seconds since 1970." }),
  sig: z.string().optional().meta({ description: "Of a signed URL: its signature." }),
});
const refusals = problems("invalid-request", "unauthorized", "not-found", "gone", "unprocessable-image", "unavailable");

pictureDescriptionRoutes.openapi(
  createRoute({
    method: "get",
    path: "/i/{pin}/srcset.json",
    tags,
    summary: "Get what a page needs to show a pin's picture at any width",
    description:
      "src, srcset and sizes for an `<img>`, the size for its layout, and every preset by format. From the stored " +
      "size: nothing is decoded. Of a secret board's pin the URLs are signed.",
    security: tokenOptional,
    request: { params: z.object({ pin: PinId }), query: SignedQuery },
    responses: {
      200: json(PictureSources, "Sources of the picture"),
      304: { description: "Not changed" },
      ...refusals,
    },
  }),
  async (c) => {
    const { services } = c.var;
    const { pinId, picture, originalHash } = await shownPin(c, c.req.valid("param").pin);
    const facts = await getPictureFacts(services.databases.forId(pinId), originalHash);
    const size = await sizeOf(services, originalHash, facts);
    const color = facts?.colors[0] ?? null;
    const headers = commonHeaders(picture, { pinId, originalHash });
    if (picture.visibility === "public") {
      headers.set("ETag", `"srcset-${pipelineVersion}.${originalHash.slice(0, 32)}.${color?.slice(1) ?? "_"}"`);
      if (isUnchanged(c, headers)) return notModified(headers);
    }
    // A signed URL gives out no URL that lasts longer than itself.
    const until = Number(c.req.query("sig") && c.req.query("exp")) || Number.POSITIVE_INFINITY;
    const sign = async (path: string) =>
      picture.visibility === "secret" ? signedPath(path, services.settings, until) : path;
    headers.set("Content-Type", "application/json");
    headers.set("Server-Timing", 'cache;desc="database"');
    return new Response(JSON.stringify(await pictureSources({ pinId, size, color, sign })), { headers });
  },
);

for (const format of placeholderFormats) {
  pictureDescriptionRoutes.openapi(
    createRoute({
      method: "get",
      path: `/i/{pin}/placeholder.${format}`,
      tags,
      summary: summaries()[format],
      security: tokenOptional,
      request: { params: z.object({ pin: PinId }), query: SignedQuery },
      responses: {
        200:
          format === "json"
            ? json(PictureDescription, "What is known of the picture, with both placeholders")
            : { description: "The placeholder alone", content: { "text/plain": { schema: z.string() } } },
        304: { description: "Not changed" },
        ...refusals,
      },
    }),
    (c) => answerPlaceholder(c, c.req.valid("param").pin, format),
  );
}

function summaries(): Record<PlaceholderFormat, string> {
  return {
    json: "Describe a pin's picture: size, format, colours, hash and placeholders",
    blurhash: "Get the BlurHash of a pin's picture",
    thumbhash: "Get the ThumbHash of a pin's picture, in base64",
  };
}

async function answerPlaceholder(c: Context<EdgeEnv>, pin: PinId, format: PlaceholderFormat): Promise<Response> {
  const { services } = c.var;
  const { pinId, picture, originalHash } = await shownPin(c, pin);
  const headers = commonHeaders(picture, { pinId, originalHash });
  // What ingest finds out comes once, a second after the pin: it is part of what may change.
  const facts = format === "json" ? await getPictureFacts(services.databases.forId(pinId), originalHash) : undefined;
  const version = placeholderKey(originalHash).split("/").at(-1);
  headers.set("ETag", `"${originalHash.slice(0, 32)}.${version}.${format}.${facts?.perceptualHash ?? "_"}"`);
  if (isUnchanged(c, headers)) return notModified(headers);
  const { record, timing } = await findPlaceholder(services, originalHash);
  const { contentType, text } = placeholderBody(format, descriptionOf(record, facts));
  headers.set("Content-Type", contentType);
  headers.set("Server-Timing", timing);
  return new Response(text, { headers });
}

interface ShownPin {
  pinId: PinId;
  picture: ShownPicture;
  originalHash: string;
}

/** The pin with its picture, if the caller sees it. */
async function shownPin(c: Context<EdgeEnv>, pinId: PinId): Promise<ShownPin> {
  const picture = await pinPicture(c.var.services, pinId, Date.now());
  if (!picture) throw pinNotFound();
  await assertSeen(c, picture);
  return { pinId, picture, originalHash: originalOf(picture) };
}
