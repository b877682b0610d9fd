import { createRoute } from "@hono/zod-openapi";
import { Board, BoardId, CreateBoard, newBoardId, PageQuery, PinPage, Problem, UpdateBoard } from "@vitrine/contracts";
import { createBoard, deleteBoard, getBoard, listPinsOn, updateBoard } from "@vitrine/store";
import { z } from "zod";
import { forgetVectors, tellAllRegions } from "../aftermath.ts";
import { needs, optionalUser, requireWriter } from "../auth.ts";
import { boardBody, boardNotFound, ownedBoard } from "../boards.ts";
import { limitJson } from "../body-limit.ts";
import { ActingQuery, json, jsonBody, problems, tokenOptional, withToken } from "../openapi.ts";
import { cursorOf, pageRequest } from "../paging.ts";
import { forgetBoard } from "../pin-access.ts";
import { pinBody } from "../pins.ts";
import { createRouter } from "../router.ts";

export const boardRoutes = createRouter();

const tags = ["boards"];
const ofBoard = z.object({ id: BoardId });
const path = "/v1/boards/{id}";

boardRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/boards",
    tags,
    summary: "Make a board",
    security: withToken,
    middleware: [needs("writer"), limitJson] as const,
    request: { query: ActingQuery, body: jsonBody(CreateBoard) },
    responses: {
      201: json(Board, "The new board"),
      ...problems("invalid-request", "unauthorized", "forbidden", "payload-too-large"),
    },
  }),
  async (c) => {
    const ownerId = requireWriter(c);
    const { name, description = "", visibility } = c.req.valid("json");
    const createdAt = Date.now();
    const id = newBoardId(ownerId, { now: createdAt, random: Math.random() });
    const board = { id, ownerId, name, description, visibility, createdAt };
    const isKept = await createBoard(c.var.services.databases.forId(id), board);
    if (!isKept) throw new Problem("forbidden", "The token's user does not exist here; make the user first.");
    return c.json(boardBody({ ...board, collaborators: [], isMember: true }), 201);
  },
);

boardRoutes.openapi(
  createRoute({
    method: "get",
    path,
    tags,
    summary: "Read a board",
    security: tokenOptional,
    request: { params: ofBoard, query: ActingQuery },
    responses: { 200: json(Board, "The board"), ...problems("invalid-request", "unauthorized", "not-found") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const board = await getBoard(c.var.services.databases.forId(id), id, optionalUser(c));
    if (!board) throw boardNotFound();
    return c.json(boardBody(board), 200);
  },
);

boardRoutes.openapi(
  createRoute({
    method: "patch",
    path,
    tags,
    summary: "Rename a board, describe it, make it public or secret",
    security: withToken,
    middleware: [needs("writer"), limitJson] as const,
    request: { params: ofBoard, query: ActingQuery, body: jsonBody(UpdateBoard) },
    responses: {
      200: json(Board, "The board as it is now"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found", "payload-too-large"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const { id } = c.req.valid("param");
    const viewer = requireWriter(c);
    const { before, after } = await updateBoard(services.databases.forId(id), { id, viewer }, c.req.valid("json"));
    const owned = ownedBoard(before, viewer);
    const board = after ?? owned;
    if (board.visibility !== owned.visibility) {
      forgetBoard(id);
      await tellAllRegions(services, board.visibility === "secret" ? "bury" : "restore", [id]);
    }
    return c.json(boardBody(board), 200);
  },
);

boardRoutes.openapi(
  createRoute({
    method: "delete",
    path,
    tags,
    summary: "Delete a board with its pins",
    security: withToken,
    middleware: [needs("writer")] as const,
    request: { params: ofBoard, query: ActingQuery },
    responses: {
      204: { description: "Deleted" },
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const { id } = c.req.valid("param");
    const viewer = requireWriter(c);
    const { board, pinIds } = await deleteBoard(services.databases.forId(id), { id, viewer });
    ownedBoard(board, viewer);
    forgetBoard(id);
    await tellAllRegions(services, "bury", [id]);
    forgetVectors(services, pinIds);
    return c.body(null, 204);
  },
);

boardRoutes.openapi(
  createRoute({
    method: "get",
    path: `${path}/pins`,
    tags,
    summary: "List what is on a board, newest first: pins made there and pins saved there",
    security: tokenOptional,
    request: { params: ofBoard, query: PageQuery.extend(ActingQuery.shape) },
    responses: { 200: json(PinPage, "A page of pins"), ...problems("invalid-request", "unauthorized", "not-found") },
  }),
  async (c) => {
    const { databases, settings } = c.var.services;
    const { id: boardId } = c.req.valid("param");
    const request = { ...pageRequest(c.req.valid("query")), boardId, viewer: optionalUser(c) };
    const page = await listPinsOn(databases.forId(boardId), request);
    if (!page) throw boardNotFound();
    const items = await Promise.all(page.items.map((pin) => pinBody(pin, settings)));
    return c.json({ items, cursor: cursorOf(page) }, 200);
  },
);
