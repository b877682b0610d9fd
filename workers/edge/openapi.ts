/** What route definitions share, and the document that is made of them. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { type ErrorCode, errorStatus, PinId, type ProblemDetails, regions, UserId } from "@vitrine/contracts";
import { z } from "zod";
import type { EdgeEnv } from "./context.ts";

/** A JSON answer or body of the given schema. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A JSON body that must be there. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { required: true, content: { "application/json": { schema } } };
}

const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string().meta({ description: "One sentence that says what to do." }),
  } satisfies Record<keyof ProblemDetails, z.ZodType>)
  .meta({ id: "Problem" });

const content = { "application/problem+json": { schema: ProblemBody } };

/** The problem answers of a route, by the codes that it may answer with; `unavailable` is among them everywhere. */
export function problems<const Codes extends readonly ErrorCode[]>(...codes: Codes) {
  const all = [...codes, "unavailable"] as const;
  const answers = all.map((code) => [errorStatus[code], { description: code.replaceAll("-", " "), content }]);
  return Object.fromEntries(answers) as { [C in (typeof all)[number] as (typeof errorStatus)[C]]: ProblemAnswer };
}

interface ProblemAnswer {
  description: string;
  content: { "application/problem+json": { schema: typeof ProblemBody } };
}

/** Routes that need a token, and routes that show more with one. */
export const withToken = [{ bearer: [] }];
export const tokenOptional = [{}, { bearer: [] }];

/** A service token names the user it acts for. */
export const ActingQuery = z.object({
  user: UserId.optional().meta({ description: "For service tokens: the user on whose behalf this is." }),
});

/** A back end also tells where the user is. */
export const ActingInRegion = ActingQuery.extend({
  region: z.enum(regions).optional().meta({ description: "Where the user is; without it, the region of the caller." }),
});

/** Serves the document of all routes that the router has by now, at /openapi.json. */
export function documentRoutes(router: OpenAPIHono<EdgeEnv>): void {
  router.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "A JWT with `sub` (user id), `scope` (reader, writer or service) and `exp`.",
  });
  router.openAPIRegistry.registerPath(renditionOperation);
  router.openAPIRegistry.registerPath(imageOptionOperation);
  router.get("/openapi.json", (c) => {
    c.header("cache-control", "public, max-age=300");
    return c.json(router.getOpenAPI31Document(documentInfo));
  });
}

/** Renditions are routed by hand, for their answers are streams. */
const renditionOperation = {
  method: "get" as const,
  path: "/i/{pin}/{rendition}",
  tags: ["renditions"],
  summary: "Get a rendition of a pin's picture",
  description:
    "The rendition is a preset, with an extension (jpg, webp, avif or png) or negotiated by Accept: thumbnail, feed, " +
    "detail, zoom, grid, medium, large, or original. Of a secret board's pin with a member's token or a signed URL.",
  security: tokenOptional,
  request: {
    params: z.object({ pin: PinId, rendition: z.string().meta({ example: "feed.webp" }) }),
    query: ActingQuery.extend({
      exp: z.string().optional().meta({ description: "Of a signed URL: when it ends, in seconds since 1970." }),
      sig: z.string().optional().meta({ description: "Of a signed URL: its signature." }),
    }),
  },
  responses: {
    200: {
      description: "The picture, with ETag, Vary, Cache-Control, Cache-Tag and Server-Timing",
      content: { "image/*": { schema: { type: "string" as const, format: "binary" } } },
    },
    304: { description: "As known by If-None-Match" },
    ...problems("invalid-request", "unauthorized", "not-found", "gone", "unprocessable-image", "unavailable"),
  },
};

const imageOptionOperation = {
  ...renditionOperation,
  path: "/image/{options}/{source}",
  summary: "Get a picture as the options say",
  description:
    "Options are `name=value` with commas between them (docs/images.md); the source is a pin, or the URL of a picture " +
    "on a listed host. Also at /cdn-cgi/image/. Of a secret board's pin with a member's token or a signed URL.",
  request: {
    params: z.object({
      options: z.string().meta({ example: "width=300,height=300,fit=cover" }),
      source: z.string().meta({ example: "pin_01j9zq4k3m8x7c2v5b" }),
    }),
    query: renditionOperation.request.query,
  },
  responses: {
    ...renditionOperation.responses,
    302: { description: "To the original, with onerror=redirect, when the rendition cannot be made" },
    ...problems("forbidden", "url-not-allowed", "unsupported-media-type", "too-many-pixels"),
  },
};

const documentInfo = {
  openapi: "3.1.0",
  info: {
    title: "Vitrine",
    version: "1",
    description:
      "Pictures in; renditions, boards and personalised feeds out. Errors are `application/problem+json` with a closed " +
      "list of codes. Lists are paged: pass the `cursor` of a page to get the next.",
  },
};
