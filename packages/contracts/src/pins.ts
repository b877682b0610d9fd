import { z } from "zod";
import { BoardId, PinId, UserId } from "./ids.ts";
import { limits } from "./limits.ts";

/** provisional: answered with 202, not yet processed · ready: in feeds · failed: `failure` says why. */
export const PinStatus = z.enum(["provisional", "ready", "failed"]);

const fields = {
  boardId: BoardId,
  title: z.string().trim().max(limits.maxTitleCharacters).default(""),
  description: z.string().trim().max(limits.maxDescriptionCharacters).default(""),
  link: z
    .url({ protocol: /^https?$/ })
    .max(limits.maxUrlCharacters)
    .optional(),
  category: z.string().trim().toLowerCase().min(1).max(limits.maxCategoryCharacters).optional(),
};

/** `application/json`: a pin by the URL of a picture, or, without `imageUrl`, as metadata alone. */
export const CreatePin = z
  .object({
    ...fields,
    imageUrl: z
      .url({ protocol: /^https?$/ })
      .max(limits.maxUrlCharacters)
      .optional(),
  })
  .meta({ id: "CreatePin" });

/** `multipart/form-data`: the same words beside the picture in `file`. */
export const UploadPin = z
  .object({ ...fields, file: z.any().meta({ type: "string", format: "binary" }) })
  .meta({ id: "UploadPin" });

/** Words that can be corrected later; `link: null` takes the link away. */
export const UpdatePin = z
  .object({
    title: z.string().trim().max(limits.maxTitleCharacters).optional(),
    description: z.string().trim().max(limits.maxDescriptionCharacters).optional(),
    link: fields.link.unwrap().nullable().optional(),
  })
  .meta({ id: "UpdatePin" });

export const SignUrl = z
  .object({
    preset: z.enum(["thumbnail", "feed", "detail", "zoom", "grid", "medium", "large", "original"]),
    expiresInSeconds: z.number().int().min(1).max(limits.maxSignedUrlSeconds).default(limits.defaultSignedUrlSeconds),
  })
  .meta({ id: "SignUrl" });

/** A rendition's path that needs no token until it expires. */
export const SignedUrl = z.object({ url: z.string(), expiresAt: z.iso.datetime() }).meta({ id: "SignedUrl" });

export const RenditionUrls = z.object({
  thumbnail: z.string(),
  feed: z.string(),
  detail: z.string(),
  zoom: z.string(),
});

/** What a page of pins needs of one: also what fragments carry, so a page needs no database. */
export const PinCard = z
  .object({
    id: PinId,
    userId: UserId,
    boardId: BoardId,
    title: z.string(),
    category: z.string().nullable(),
    /** Pixels of the upright original; null while unknown. */
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
    /** The dominant colour, `#rrggbb`; null while unknown. */
    color: z.string().nullable(),
    renditions: RenditionUrls.nullable(),
  })
  .meta({ id: "PinCard" });

export const Pin = PinCard.extend({
  status: PinStatus,
  failure: z.string().nullable(),
  description: z.string(),
  link: z.string().nullable(),
  /** Dominant colours, most first, `#rrggbb`. */
  colors: z.array(z.string()),
  /** The first pin with the very same bytes, where there is one. */
  duplicateOf: PinId.nullable(),
  saveCount: z.number().int(),
  createdAt: z.iso.datetime(),
}).meta({ id: "Pin" });

export type PinStatus = z.infer<typeof PinStatus>;
export type UpdatePin = z.infer<typeof UpdatePin>;
export type SignUrl = z.infer<typeof SignUrl>;
export type SignedUrl = z.infer<typeof SignedUrl>;
export type CreatePin = z.infer<typeof CreatePin>;
export type UploadPin = z.infer<typeof UploadPin>;
export type PinCard = z.infer<typeof PinCard>;
export type Pin = z.infer<typeof Pin>;
export type RenditionUrls = z.infer<typeof RenditionUrls>;
