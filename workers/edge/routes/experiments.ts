import { createRoute } from "@hono/zod-openapi";
import {
  CreateExperiment,
  Experiment,
  ExperimentList,
  ExperimentResults,
  limits,
  StartExperiment,
} from "@vitrine/contracts";
import { judge } from "@vitrine/ranking";
import { type ExperimentRow, listExperiments, outcomesOf } from "@vitrine/store";
import { z } from "zod";
import { needs } from "../auth.ts";
import { limitJson } from "../body-limit.ts";
import { draftExperiment, endExperiment, existing, startExperiment } from "../experiments.ts";
import { json, jsonBody, problems, withToken } from "../openapi.ts";
import { createRouter } from "../router.ts";

export const experimentRoutes = createRouter();

const shared = { tags: ["experiments"], security: withToken };
const params = z.object({ id: CreateExperiment.shape.id });

experimentRoutes.openapi(
  createRoute({
    ...shared,
    middleware: [needs("service"), limitJson] as const,
    method: "post",
    path: "/v1/experiments",
    summary: "Define an experiment on the feed; nobody sees it before it is started",
    description: "The first variant is the control. The same definition again is the same experiment.",
    request: { body: jsonBody(CreateExperiment) },
    responses: {
      200: json(Experiment, "Defined before"),
      201: json(Experiment, "Defined"),
      ...problems("invalid-request", "unauthorized", "forbidden", "conflict", "payload-too-large"),
    },
  }),
  async (c) => {
    const { experiment, isNew } = await draftExperiment(c.var.services, c.req.valid("json"), Date.now());
    return c.json(bodyOf(experiment), isNew ? 201 : 200);
  },
);

experimentRoutes.openapi(
  createRoute({
    ...shared,
    middleware: [needs("service")] as const,
    method: "get",
    path: "/v1/experiments",
    summary: "List the newest experiments",
    responses: { 200: json(ExperimentList, "Newest first"), ...problems("unauthorized", "forbidden") },
  }),
  async (c) => {
    const rows = await listExperiments(c.var.services.databases, limits.maxListPageSize);
    return c.json({ items: rows.map(bodyOf) }, 200);
  },
);

experimentRoutes.openapi(
  createRoute({
    ...shared,
    middleware: [needs("service")] as const,
    method: "get",
    path: "/v1/experiments/{id}",
    summary: "Read an experiment",
    request: { params },
    responses: {
      200: json(Experiment, "The experiment"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => c.json(bodyOf(await existing(c.var.services, c.req.valid("param").id)), 200),
);

experimentRoutes.openapi(
  createRoute({
    ...shared,
    middleware: [needs("service"), limitJson] as const,
    method: "post",
    path: "/v1/experiments/{id}/start",
    summary: "Start an experiment, or give a running one more users",
    description: "Within two minutes every edge assigns users. Growing moves nobody from one variant to another.",
    request: { params, body: { required: false, content: { "application/json": { schema: StartExperiment } } } },
    responses: {
      200: json(Experiment, "It runs"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found", "conflict", "payload-too-large"),
    },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { traffic } = c.req.valid("json") ?? {};
    return c.json(bodyOf(await startExperiment(c.var.services, { id, traffic, now: Date.now() })), 200);
  },
);

experimentRoutes.openapi(
  createRoute({
    ...shared,
    middleware: [needs("service"), limitJson] as const,
    method: "post",
    path: "/v1/experiments/{id}/stop",
    summary: "Stop an experiment for good; its results stay",
    request: { params },
    responses: {
      200: json(Experiment, "It is stopped"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => c.json(bodyOf(await endExperiment(c.var.services, c.req.valid("param").id, Date.now())), 200),
);

experimentRoutes.openapi(
  createRoute({
    ...shared,
    middleware: [needs("service")] as const,
    method: "get",
    path: "/v1/experiments/{id}/results",
    summary: "Compare an experiment's variants; may be asked at any time and as often as one likes",
    request: { params },
    responses: {
      200: json(ExperimentResults, "The variants and what may be concluded"),
      ...problems("invalid-request", "unauthorized", "forbidden", "not-found"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const row = await existing(services, c.req.valid("param").id);
    const metric = row.definition.primaryMetric;
    const until = row.stoppedAt ?? Date.now();
    const { rows, isTruncated } = await outcomesOf(services.databases, row.id, { metric, until });
    const outcomes = new Map(rows.map((outcome) => [outcome.variant, outcome]));
    const results: ExperimentResults = {
      ...{ experimentId: row.id, status: row.status, metric, isTruncated, until: iso(until) },
      ...judge({ ...row.definition, status: row.status }, outcomes),
    };
    return c.json(results, 200);
  },
);

function bodyOf({ definition, ranges: _, createdAt, startedAt, stoppedAt, ...rest }: ExperimentRow): Experiment {
  return {
    ...rest,
    ...definition,
    createdAt: iso(createdAt),
    startedAt: startedAt === null ? null : iso(startedAt),
    stoppedAt: stoppedAt === null ? null : iso(stoppedAt),
  };
}

function iso(millis: number): string {
  return new Date(millis).toISOString();
}
