import { z } from "zod";
import { UserId } from "./ids.ts";
import { limits } from "./limits.ts";

export const Handle = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "a handle has 1 to 40 of a-z, 0-9, _ and -, and begins with a letter or digit");

export const CreateUser = z
  .object({ handle: Handle, name: z.string().trim().min(1).max(limits.maxNameCharacters).optional() })
  .meta({ id: "CreateUser" });

export const User = z
  .object({ id: UserId, handle: Handle, name: z.string(), createdAt: z.iso.datetime() })
  .meta({ id: "User" });

export type CreateUser = z.infer<typeof CreateUser>;
export type User = z.infer<typeof User>;
