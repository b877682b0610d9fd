import { createRoute } from "@hono/zod-openapi";
import { Model, Models, ModelVersion, Problem, TrainModel } from "@vitrine/contracts";
import { findModel, listModels, type ModelRow } from "@vitrine/store";
import { z } from "zod";
import { needs } from "../auth.ts";
import { limitJson } from "../body-limit.ts";
import { withDeadline } from "../deadline.ts";
import { json, jsonBody, problems, withToken } from "../openapi.ts";
import { createRouter } from "../router.ts";

export const modelRoutes = createRouter();

const tags = ["models"];
const ofModel = z.object({ version: ModelVersion });
/** A training a day is a quarter of a year. */
const maxModels = 100;
/** Counting ten million saves takes D1 a second; pointing to a model is one write each to KV and D1. */
const startDeadlineMillis = 15_000;

modelRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/models",
    tags,
    summary: "List the trained models and what is being trained, newest first",
    security: withToken,
    middleware: [needs("service")] as const,
    responses: { 200: json(Models, "The last hundred"), ...problems("unauthorized", "forbidden") },
  }),
  async (c) => {
    const rows = await listModels(c.var.services.databases, maxModels);
    return c.json({ models: rows.map(modelBody) }, 200);
  },
);

modelRoutes.openapi(
  createRoute({
    method: "get",
    path: "/v1/models/{version}",
    tags,
    summary: "How far a training is, or what it found",
    security: withToken,
    middleware: [needs("service")] as const,
    request: { params: ofModel },
    responses: {
      200: json(Model, "The model"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => {
    const row = await findModel(c.var.services.databases, c.req.valid("param").version);
    if (!row) throw new Problem("not-found", "Name a model of GET /v1/models: there is none of this version.");
    return c.json(modelBody(row), 200);
  },
);

modelRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/models/train",
    tags,
    summary: "Learn a model from all saves, and serve it unless it is worse than the one that serves",
    description:
      "Answers at once; `GET /v1/models/{version}` tells how far it is. Cron does the same when saves have grown by a " +
      "tenth, and daily.",
    security: withToken,
    middleware: [needs("service"), limitJson] as const,
    request: { body: { ...jsonBody(TrainModel), required: false } },
    responses: {
      202: json(Model, "It has begun"),
      ...problems("invalid-request", "unauthorized", "forbidden", "conflict"),
    },
  }),
  async (c) => {
    // Nothing is said where there is no body, and then nothing is wished.
    const started = c.var.services.jobs.train(c.req.valid("json") ?? {});
    return c.json(await withDeadline(started, startDeadlineMillis, "Starting the training"), 202);
  },
);

modelRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/models/{version}/serve",
    tags,
    summary: "Put a model back that served before, or serve one that was rejected",
    description: "What served before serves within a minute everywhere; a rejected model is published first.",
    security: withToken,
    middleware: [needs("service")] as const,
    request: { params: ofModel },
    responses: {
      200: json(Model, "The model: `serving`, or `candidate` while it is being published"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found", "conflict"),
    },
  }),
  async (c) => {
    const served = c.var.services.jobs.serve(c.req.valid("param").version);
    return c.json(await withDeadline(served, startDeadlineMillis, "Serving the model"), 200);
  },
);

function modelBody({ createdAt, lockedUntil: _, ...row }: ModelRow): Model {
  return { ...row, createdAt: new Date(createdAt).toISOString() };
}
