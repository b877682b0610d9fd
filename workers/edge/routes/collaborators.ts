import { createRoute } from "@hono/zod-openapi";
import { Board, BoardId, limits, Problem, UserId } from "@vitrine/contracts";
import { addCollaborator, removeCollaborator } from "@vitrine/store";
import { z } from "zod";
import { needs, requireWriter } from "../auth.ts";
import { boardBody, boardNotFound, ownedBoard } from "../boards.ts";
import { ActingQuery, json, problems, withToken } from "../openapi.ts";
import { forgetBoard } from "../pin-access.ts";
import { createRouter } from "../router.ts";

export const collaboratorRoutes = createRouter();

const tags = ["boards"];
const path = "/v1/boards/{id}/collaborators/{userId}";
const params = z.object({ id: BoardId, userId: UserId });

collaboratorRoutes.openapi(
  createRoute({
    method: "put",
    path,
    tags,
    summary: "Let a user see the board, and put pins and saves on it",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params, query: ActingQuery },
    responses: {
      200: json(Board, "The board with its collaborators"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found", "conflict"),
    },
  }),
  async (c) => {
    const { id, userId } = c.req.valid("param");
    const viewer = requireWriter(c);
    const database = c.var.services.databases.forId(id);
    const { before, after, userExists } = await addCollaborator(database, { id, viewer, userId, now: Date.now() });
    const owned = ownedBoard(before, viewer);
    forgetBoard(id);
    const board = after ?? owned;
    if (userId === viewer)
      throw new Problem("invalid-request", "The owner needs not be a collaborator; name another user.");
    if (!userExists) throw new Problem("not-found", "There is no user of this id to work on the board.");
    if (board.collaborators.includes(userId)) return c.json(boardBody(board), 200);
    const most = limits.maxCollaboratorsPerBoard;
    throw new Problem("conflict", `A board has at most ${most} collaborators; take one off first.`);
  },
);

collaboratorRoutes.openapi(
  createRoute({
    method: "delete",
    path,
    tags,
    summary: "Take a collaborator off the board; collaborators may take themselves off",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params, query: ActingQuery },
    responses: {
      204: { description: "The user is no collaborator" },
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => {
    const { id, userId } = c.req.valid("param");
    const viewer = requireWriter(c);
    const before = await removeCollaborator(c.var.services.databases.forId(id), { id, viewer, userId });
    if (!before) throw boardNotFound();
    if (userId !== viewer) ownedBoard(before, viewer);
    forgetBoard(id);
    return c.body(null, 204);
  },
);
