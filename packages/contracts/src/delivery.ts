/** What pages and back ends ask about the delivery of a pin's picture. */
import { z } from "zod";
import { PinId } from "./ids.ts";
import { limits } from "./limits.ts";

/** Everything that an `<img>` or a `<picture>` needs, ready to be put into a page. */
export const PictureSources = z
  .object({
    /** The negotiated URL for who reads no srcset. */
    src: z.string(),
    /** Negotiated URLs with their widths, the narrowest first; all show the whole picture. */
    srcset: z.string(),
    /** A value of `sizes` to begin with: as wide as the window, and no wider than the widest. */
    sizes: z.string(),
    /** Pixels of the upright original, for the page's layout. */
    width: z.number().int(),
    height: z.number().int(),
    /** The dominant colour, `#rrggbb`; null while unknown. */
    color: z.string().nullable(),
    /** Every preset in the formats that pages use, with the exact size in pixels. */
    renditions: z.array(
      z.object({
        preset: z.string(),
        url: z.string(),
        width: z.number().int(),
        height: z.number().int(),
        type: z.string(),
      }),
    ),
  })
  .meta({ id: "PictureSources" });

/** What is known of a picture by its looks, and what stands in its place until it is there. */
export const PictureDescription = z
  .object({
    /** Pixels of the upright original. */
    width: z.number().int(),
    height: z.number().int(),
    /** Of the original file; null for one that is no picture by its stored type. */
    format: z.string().nullable(),
    /** Dominant colours, most first, `#rrggbb`; the mean alone where no more is known. */
    colors: z.array(z.string()),
    /** 64 bits, 16 hex digits; null while unknown. */
    perceptualHash: z.string().nullable(),
    blurhash: z.string(),
    /** In base64. */
    thumbhash: z.string(),
  })
  .meta({ id: "PictureDescription" });

/** What a purge has dropped. */
export const PurgeReport = z
  .object({
    pinId: PinId,
    /** Kept renditions that were deleted. */
    purged: z.number().int(),
    /** There are more than one call deletes: purge again. */
    more: z.boolean(),
    /** The Cache-Tag that caches in front of Vitrine purge by. */
    tag: z.string(),
  })
  .meta({ id: "PurgeReport" });

/** A path of a picture, such as `/i/{pin}/feed.webp`, to be signed as it is, with its query. */
export const SignPath = z
  .object({
    path: z
      .string()
      .max(limits.maxUrlCharacters)
      .regex(
        /^\/(?:i|image|cdn-cgi\/image)\/[!-~]+$/,
        "Give a path that begins with /i/ or /image/, encoded as in a URL",
      ),
    expiresInSeconds: z.number().int().min(1).max(limits.maxSignedUrlSeconds).default(limits.defaultSignedUrlSeconds),
  })
  .meta({ id: "SignPath" });

export type PictureSources = z.infer<typeof PictureSources>;
export type PictureDescription = z.infer<typeof PictureDescription>;
export type PurgeReport = z.infer<typeof PurgeReport>;
export type SignPath = z.infer<typeof SignPath>;
