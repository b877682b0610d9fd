/** Lists come in pages: `limit` at most, and a `cursor` that continues where the page ended. */
import { z } from "zod";
import { Block, Follow, Save } from "./actions.ts";
import { Board } from "./boards.ts";
import { limits } from "./limits.ts";
import { Pin } from "./pins.ts";
import { User } from "./users.ts";

/** A list's cursor is a time and an id of 22 characters, in base64. */
const maxListCursorCharacters = 100;

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(limits.maxListPageSize).default(limits.defaultListPageSize),
  cursor: z.string().max(maxListCursorCharacters).optional().meta({ description: "The `cursor` of the page before." }),
});

/** A save with its pin, as lists of saves show it. */
export const SavedPin = Save.extend({ pin: Pin }).meta({ id: "SavedPin" });

const cursor = z.string().nullable().meta({ description: "Opaque; null at the end." });

export const UserPage = z.object({ items: z.array(User), cursor }).meta({ id: "UserPage" });
export const BoardPage = z.object({ items: z.array(Board), cursor }).meta({ id: "BoardPage" });
export const PinPage = z.object({ items: z.array(Pin), cursor }).meta({ id: "PinPage" });
export const SavePage = z.object({ items: z.array(SavedPin), cursor }).meta({ id: "SavePage" });
export const BlockPage = z.object({ items: z.array(Block), cursor }).meta({ id: "BlockPage" });
export const FollowPage = z.object({ items: z.array(Follow), cursor }).meta({ id: "FollowPage" });

export type PageQuery = z.infer<typeof PageQuery>;
export type SavedPin = z.infer<typeof SavedPin>;
export type UserPage = z.infer<typeof UserPage>;
export type BoardPage = z.infer<typeof BoardPage>;
export type PinPage = z.infer<typeof PinPage>;
export type SavePage = z.infer<typeof SavePage>;
export type BlockPage = z.infer<typeof BlockPage>;
export type FollowPage = z.infer<typeof FollowPage>;
