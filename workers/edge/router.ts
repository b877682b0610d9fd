import { OpenAPIHono } from "@hono/zod-openapi";
import { Problem } from "@vitrine/contracts";
import type { EdgeEnv } from "./context.ts";

/** The part of a zod error that a sentence is made of; structural, so any copy of zod will do. */
interface ValidationError {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}

/** A router of the edge: what a route's schemas refuse becomes one `invalid-request` problem with a readable sentence. */
export function createRouter(): OpenAPIHono<EdgeEnv> {
  return new OpenAPIHono<EdgeEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error, placeOf[result.target]);
    },
  });
}

const placeOf = {
  json: "the body",
  form: "the form",
  query: "the query",
  param: "the path",
  header: "the headers",
  cookie: "the cookies",
} as const;

/** How many faults a sentence names; the first few are what a person can act on. */
const namedFaults = 3;

/** The problem for values that a schema refused, naming the first few faults: `Check the body: title: Too big …`. */
export function invalidRequest(error: ValidationError, place: string): Problem {
  const faults = error.issues
    .slice(0, namedFaults)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  return new Problem("invalid-request", `Check ${place}: ${faults.join("; ")}.`);
}
