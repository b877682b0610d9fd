/** The one error handler: whatever a route throws becomes `application/problem+json` (RFC 9457). */
import { asProblem, type ErrorCode, errorStatus, Problem, problemDetails } from "@vitrine/contracts";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { EdgeEnv } from "./context.ts";

/** The answer to a thrown error. What was not expected is logged under an id that the answer tells, and nothing else of it. */
export function problemResponse(error: Error, c: Context<EdgeEnv>): Response {
  // Drizzle wraps what the driver throws.
  const problem = asProblem(error) ?? asProblem(error.cause) ?? problemOfException(error);
  if (problem) {
    if (problem.status >= 500) console.error(problem.code, { path: c.req.path, cause: problem.cause });
    return responseOf(problem);
  }
  const requestId = crypto.randomUUID();
  console.error("unexpected error", { requestId, method: c.req.method, path: c.req.path, error });
  return responseOf(
    new Problem("internal", `Something went wrong on our side; try again, and name request ${requestId} if it stays.`),
  );
}

/** The answer for a path that is not there, or that is there for other methods. */
export function notFoundResponse(c: Context<EdgeEnv>, allowed: string[]): Response {
  if (allowed.length === 0) {
    return responseOf(new Problem("not-found", `There is nothing at ${c.req.path.slice(0, 200)}; see /openapi.json.`));
  }
  const methods = allowed.join(", ");
  const response = responseOf(new Problem("method-not-allowed", `Ask this path by ${methods}; see /openapi.json.`));
  response.headers.set("allow", methods);
  return response;
}

function responseOf(problem: Problem): Response {
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
  });
  if (problem.retryAfterSeconds !== undefined) headers.set("retry-after", String(problem.retryAfterSeconds));
  if (problem.code === "unauthorized") headers.set("www-authenticate", 'Bearer realm="vitrine"');
  return new Response(JSON.stringify(problemDetails(problem)), { status: problem.status, headers });
}

/** The framework's own refusals, such as a body that is no JSON. */
function problemOfException(error: Error): Problem | undefined {
  if (!(error instanceof HTTPException) || error.status >= 500) return undefined;
  const codes = Object.keys(errorStatus) as ErrorCode[];
  const code = codes.find((each) => errorStatus[each] === error.status) ?? "invalid-request";
  return new Problem(code, error.message || "Check the request; see /openapi.json.", { cause: error });
}
