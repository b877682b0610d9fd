import { z } from "zod";
import { BoardId, UserId } from "./ids.ts";
import { limits } from "./limits.ts";

export const Visibility = z.enum(["public", "secret"]);

const name = z.string().trim().min(1).max(limits.maxNameCharacters);
const description = z.string().trim().max(limits.maxDescriptionCharacters);

export const CreateBoard = z
  .object({ name, description: description.optional(), visibility: Visibility.default("public") })
  .meta({ id: "CreateBoard" });

export const UpdateBoard = z
  .object({ name: name.optional(), description: description.optional(), visibility: Visibility.optional() })
  .meta({ id: "UpdateBoard" });

export const Board = z
  .object({
    id: BoardId,
    ownerId: UserId,
    name: z.string(),
    description: z.string(),
    visibility: Visibility,
    collaborators: z.array(UserId),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Board" });

export type Visibility = z.infer<typeof Visibility>;
export type CreateBoard = z.infer<typeof CreateBoard>;
export type UpdateBoard = z.infer<typeof UpdateBoard>;
export type Board = z.infer<typeof Board>;
