/** Saves, follows, blocks and events: what users do. */
import { z } from "zod";
import { BoardId, PinId, UserId } from "./ids.ts";
import { limits } from "./limits.ts";

export const CreateSave = z
  .object({ pinId: PinId, boardId: BoardId.optional().meta({ description: "Without a board: the user's first." }) })
  .meta({ id: "CreateSave" });

export const Save = z
  .object({ pinId: PinId, boardId: BoardId, userId: UserId, createdAt: z.iso.datetime() })
  .meta({ id: "Save" });

export const Follow = z
  .object({ targetType: z.enum(["user", "board"]), targetId: z.union([UserId, BoardId]), createdAt: z.iso.datetime() })
  .meta({ id: "Follow" });

/** Somebody whose pins the caller does not want to see. */
export const Block = z.object({ userId: UserId, createdAt: z.iso.datetime() }).meta({ id: "Block" });

/** What a client reports. Creating and saving are told by the writes themselves. */
export const EventType = z.enum(["view", "closeup", "click", "hide"]);
export const ActionType = z.enum(["create", "save", ...EventType.options]);

/** Weights of actions for tastes and trending (design page); a view says nothing, a hide takes away. */
export const actionWeight = { create: 5, save: 3, closeup: 2, click: 1, view: 0, hide: -3 } as const satisfies Record<
  z.infer<typeof ActionType>,
  number
>;

export const Event = z
  .object({
    /** Chosen by the client; the same id counts once, however often it is sent. */
    id: z.string().regex(/^[A-Za-z0-9_.:-]{8,64}$/, "an event id has 8 to 64 of A-Z a-z 0-9 _ . : -"),
    type: EventType,
    pinId: PinId,
    occurredAt: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: "Event" });

export const EventBatch = z
  .object({ events: z.array(Event).min(1).max(limits.maxEventsPerRequest), userId: UserId.optional() })
  .meta({ id: "EventBatch", description: "`userId` is for service tokens; others report for themselves." });

export const EventReceipt = z
  .object({ accepted: z.number().int(), duplicates: z.number().int(), unknownPins: z.array(PinId) })
  .meta({ id: "EventReceipt" });

export type CreateSave = z.infer<typeof CreateSave>;
export type Save = z.infer<typeof Save>;
export type Follow = z.infer<typeof Follow>;
export type Block = z.infer<typeof Block>;
export type EventType = z.infer<typeof EventType>;
export type ActionType = z.infer<typeof ActionType>;
export type Event = z.infer<typeof Event>;
export type EventBatch = z.infer<typeof EventBatch>;
export type EventReceipt = z.infer<typeof EventReceipt>;
