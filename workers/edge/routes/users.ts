import { createRoute } from "@hono/zod-openapi";
import {
  BoardPage,
  CreateUser,
  newUserId,
  PageQuery,
  Problem,
  SavePage,
  User,
  UserId,
  UserPage,
} from "@vitrine/contracts";
import { createUser, findUser, listBoardsOf, listSavesOf, listUsers, type UserRow } from "@vitrine/store";
import { z } from "zod";
import { needs, optionalUser } from "../auth.ts";
import { boardBody } from "../boards.ts";
import { limitJson } from "../body-limit.ts";
import { ActingQuery, json, jsonBody, problems, tokenOptional, withToken } from "../openapi.ts";
import { cursorOf, pageRequest } from "../paging.ts";
import { pinBody } from "../pins.ts";
import { createRouter } from "../router.ts";

export const userRoutes = createRouter();

const tags = ["users"];
const ofUser = z.object({ id: UserId });

userRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/users",
    tags,
    summary: "Make a user, or find the one who has the handle",
    security: withToken,
    middleware: [needs("service"), limitJson] as const,
    request: { body: jsonBody(CreateUser) },
    responses: {
      200: json(User, "The handle is known: the same user"),
      201: json(User, "A new user"),
      ...problems("invalid-request", "unauthorized", "forbidden"),
    },
  }),
  async (c) => {
    const { handle, name = handle } = c.req.valid("json");
    if (UserId.safeParse(handle).success) {
      throw new Problem("invalid-request", "Choose another handle: this one looks like a user id.");
    }
    const now = Date.now();
    const id = newUserId(handle, { now, random: Math.random() });
    const database = c.var.services.databases.forHandle(handle);
    const { user, isNew } = await createUser(database, { id, handle, name, createdAt: now });
    return c.json(userBody(user), isNew ? 201 : 200);
  },
);

userRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/users",
    tags,
    summary: "List users, newest first",
    security: tokenOptional,
    request: { query: PageQuery },
    responses: { 200: json(UserPage, "A page of users"), ...problems("invalid-request") },
  }),
  async (c) => {
    const page = await listUsers(c.var.services.databases, pageRequest(c.req.valid("query")));
    return c.json({ items: page.items.map(userBody), cursor: cursorOf(page) }, 200);
  },
);

userRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/users/{idOrHandle}",
    tags,
    summary: "Read a user by id or handle",
    security: tokenOptional,
    request: { params: z.object({ idOrHandle: z.string().max(64) }) },
    responses: { 200: json(User, "The user"), ...problems("invalid-request", "not-found") },
  }),
  async (c) => {
    const user = await findUser(c.var.services.databases, c.req.valid("param").idOrHandle);
    if (!user) throw new Problem("not-found", "There is no user of this id or handle.");
    return c.json(userBody(user), 200);
  },
);

userRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/users/{id}/boards",
    tags,
    summary: "List the boards that a user owns or works on, as far as you see them",
    security: tokenOptional,
    request: { params: ofUser, query: PageQuery.extend(ActingQuery.shape) },
    responses: { 200: json(BoardPage, "A page of boards"), ...problems("invalid-request", "unauthorized") },
  }),
  async (c) => {
    const { id: userId } = c.req.valid("param");
    const request = { ...pageRequest(c.req.valid("query")), userId, viewer: optionalUser(c) };
    const page = await listBoardsOf(c.var.services.databases.forId(userId), request);
    return c.json({ items: page.items.map(boardBody), cursor: cursorOf(page) }, 200);
  },
);

userRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/users/{id}/saves",
    tags,
    summary: "List a user's saves with their pins, as far as you see both",
    security: tokenOptional,
    request: { params: ofUser, query: PageQuery.extend(ActingQuery.shape) },
    responses: { 200: json(SavePage, "A page of saves"), ...problems("invalid-request", "unauthorized") },
  }),
  async (c) => {
    const { services } = c.var;
    const { id: userId } = c.req.valid("param");
    const request = { ...pageRequest(c.req.valid("query")), userId, viewer: optionalUser(c) };
    const page = await listSavesOf(services.databases.forId(userId), request);
    const items = page.items.map(async ({ createdAt, pin, ...save }) => ({
      ...save,
      createdAt: new Date(createdAt).toISOString(),
      pin: await pinBody(pin, services.settings),
    }));
    return c.json({ items: await Promise.all(items), cursor: cursorOf(page) }, 200);
  },
);

/** A user as the API shows it. */
export function userBody({ id, handle, name, createdAt }: UserRow): User {
  return { id, handle, name, createdAt: new Date(createdAt).toISOString() };
}
