import { createRoute } from "@hono/zod-openapi";
import { BoardId, CreateSave, newBoardId, PinId, Problem, Save, type UserId } from "@vitrine/contracts";
import {
  firstBoardName,
  type SaveOutcome,
  type SaveRow,
  savePin,
  savePinToFirstBoard,
  unsavePin,
} from "@vitrine/store";
import { z } from "zod";
import { recordActions, tellOfChange } from "../activity.ts";
import { tellRegion } from "../aftermath.ts";
import { needs, requireWriter } from "../auth.ts";
import { boardNotFound } from "../boards.ts";
import { limitJson } from "../body-limit.ts";
import type { Services } from "../context.ts";
import { ActingInRegion, json, jsonBody, problems, withToken } from "../openapi.ts";
import { createRouter } from "../router.ts";

export const saveRoutes = createRouter();

const tags = ["saves"];

saveRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/saves",
    tags,
    summary: "Save a pin to a board; without a board to your first one, which is made if need be",
    security: withToken,
    middleware: [needs("writer"), limitJson] as const,
    request: { query: ActingInRegion, body: jsonBody(CreateSave) },
    responses: {
      200: json(Save, "It was saved there before"),
      201: json(Save, "Saved"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found", "payload-too-large"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const userId = requireWriter(c);
    const { pinId, boardId } = c.req.valid("json");
    const { region = services.region } = c.req.valid("query");
    const outcome = await keep(services, { userId, pinId, createdAt: Date.now() }, boardId);
    const save = savedOf(outcome, boardId);
    // Told again for a save that was there before, should the first telling have failed: the id counts once.
    const id = `save.${userId}.${pinId}.${save.boardId}.${save.createdAt}`;
    const action = { id, pinId, type: "save" as const, occurredAt: save.createdAt };
    await tellRegion(services, "recording a save", recordActions(services, userId, region, [action]));
    return c.json({ ...save, createdAt: new Date(save.createdAt).toISOString() }, outcome.isNew ? 201 : 200);
  },
);

saveRoutes.openapi(
  createRoute({
    method: "delete",
    path: "/v1/saves/{pinId}",
    tags,
    summary: "Take a saved pin off one board, or off all boards where you saved it",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params: z.object({ pinId: PinId }), query: ActingInRegion.extend({ boardId: BoardId.optional() }) },
    responses: { 204: { description: "Not saved there" }, ...problems("invalid-request", "unauthorized", "forbidden") },
  }),
  async (c) => {
    const { services } = c.var;
    const userId = requireWriter(c);
    const { pinId } = c.req.valid("param");
    const { boardId, region = services.region } = c.req.valid("query");
    const { isStillSaved } = await unsavePin(services.databases.forId(userId), { userId, pinId, boardId });
    if (!isStillSaved) {
      const change = { pinId, type: "save", at: Date.now() } as const;
      await tellOfChange(services, userId, { region, change });
    }
    return c.body(null, 204);
  },
);

function keep(services: Services, save: Omit<SaveRow, "boardId">, boardId: BoardId | undefined): Promise<SaveOutcome> {
  const { userId, createdAt } = save;
  if (boardId) return savePin(services.databases.forId(userId), { ...save, boardId });
  return savePinToFirstBoard(services.databases.forId(userId), save, firstBoardOf(userId, createdAt));
}

function firstBoardOf(ownerId: UserId, createdAt: number) {
  const id = newBoardId(ownerId, { now: createdAt, random: Math.random() });
  return { id, ownerId, name: firstBoardName, description: "", visibility: "public" as const, createdAt };
}

function savedOf({ save, isPinVisible, board }: SaveOutcome, boardId: BoardId | undefined): SaveRow {
  if (!isPinVisible) throw new Problem("not-found", "There is no pin of this id that you can see.");
  if (!board && boardId) throw boardNotFound();
  if (!board) throw new Problem("forbidden", "The token's user does not exist here; make the user first.");
  if (save && board.isMember) return save;
  throw new Problem("forbidden", "Save to a board of your own, or ask its owner to let you work on it.");
}
