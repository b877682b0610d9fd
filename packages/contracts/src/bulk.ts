/**
 * What `POST /v1/bulk` takes, an object a line. The caller makes the ids (`newUserId`, `newBoardId`, `newPinId`), which
 * is what makes loading the same lines twice the same as loading them once.
 */
import { z } from "zod";
import { CreateBoard } from "./boards.ts";
import { BoardId, PinId, UserId } from "./ids.ts";
import { limits } from "./limits.ts";
import { CreatePin } from "./pins.ts";
import { CreateUser, Handle } from "./users.ts";

/** When it was done; the time of loading without it, and for a time that is still to come. */
const createdAt = z.iso.datetime({ offset: true }).optional();

const BulkUser = z.object({
  op: z.literal("user"),
  id: UserId,
  handle: Handle,
  name: CreateUser.shape.name.unwrap(),
  createdAt,
});

const BulkBoard = z.object({
  op: z.literal("board"),
  id: BoardId,
  ownerId: UserId,
  name: CreateBoard.shape.name,
  visibility: CreateBoard.shape.visibility,
  createdAt,
});

/** With `imageUrl` provisional until the picture was fetched; of words alone, or of none, ready at once. */
const BulkPin = z.object({ op: z.literal("pin"), id: PinId, userId: UserId, ...CreatePin.shape, createdAt });

const BulkSave = z.object({
  op: z.literal("save"),
  userId: UserId,
  pinId: PinId,
  boardId: BoardId.optional().meta({ description: "Without a board: the user's first, which is made if need be." }),
  createdAt,
});

const BulkUnsave = z.object({ op: z.literal("unsave"), userId: UserId, pinId: PinId });

const BulkFollow = z.object({
  op: z.literal("follow"),
  userId: UserId,
  targetId: z.union([UserId, BoardId]),
  createdAt,
});

/** One line. */
export const BulkOperation = z
  .discriminatedUnion("op", [BulkUser, BulkBoard, BulkPin, BulkSave, BulkFollow, BulkUnsave])
  .meta({ id: "BulkOperation" });

/** In the order in which a request applies them, whatever the order of its lines. */
export const bulkOps = ["user", "board", "pin", "save", "follow", "unsave"] as const;

const BulkCount = z.object({
  /** Lines that changed something. */
  taken: z.number().int(),
  /** Lines that had been taken before, or that had nothing to undo. */
  known: z.number().int(),
});

export const BulkReport = z
  .object({
    counts: z.object({
      user: BulkCount,
      board: BulkCount,
      pin: BulkCount,
      save: BulkCount,
      follow: BulkCount,
      unsave: BulkCount,
    } satisfies Record<BulkOp, typeof BulkCount>),
    /** Lines that were left out; the others stand. */
    refused: z.number().int(),
    /** The first of them. */
    problems: z
      .array(z.object({ line: z.number().int().meta({ description: "From 1." }), detail: z.string() }))
      .max(limits.maxBulkProblems),
  })
  .meta({ id: "BulkReport" });

export type BulkOp = (typeof bulkOps)[number];
export type BulkOperation = z.infer<typeof BulkOperation>;
export type BulkReport = z.infer<typeof BulkReport>;
