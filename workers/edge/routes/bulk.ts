import { createRoute } from "@hono/zod-openapi";
import { type BulkOp, BulkOperation, BulkReport, bulkOps, limits, type PinId } from "@vitrine/contracts";
import { type BulkOutcome, type BulkRefusal, type BulkRow, loadBulk } from "@vitrine/store";
import { behindAnswer } from "../aftermath.ts";
import { needs } from "../auth.ts";
import { limitBody } from "../body-limit.ts";
import { readLines } from "../bulk/body.ts";
import { refreshEmbeddings, usersOf } from "../bulk/refresh.ts";
import { rowsOf } from "../bulk/rows.ts";
import type { Services } from "../context.ts";
import { json, problems, withToken } from "../openapi.ts";
import { createRouter } from "../router.ts";

export const bulkRoutes = createRouter();

bulkRoutes.openapi(
  createRoute({
    method: "post",
    path: "/v1/bulk",
    tags: ["bulk"],
    summary: "Load users, boards, pins, saves and follows, an object a line; twice is once",
    description:
      "The caller makes the ids. Whatever the order of the lines, users are loaded first, then boards, pins, saves and " +
      "follows, and unsaves last. A bad line is left out and told, and hinders no other. The body may be gzipped " +
      "(Content-Encoding).",
    security: withToken,
    middleware: [needs("service"), limitBody(limits.maxBulkBytes)] as const,
    request: { body: { required: true, content: { "application/x-ndjson": { schema: BulkOperation } } } },
    responses: {
      200: json(BulkReport, "What was taken, what was known, and the first bad lines"),
      ...problems("invalid-request", "unauthorized", "forbidden", "payload-too-large", "unsupported-media-type"),
      ...problems("unavailable"),
    },
  }),
  async (c) => {
    const { services } = c.var;
    const now = Date.now();
    const lines = await readLines(c);
    const { rows, problems: bad } = rowsOf(lines, { now, allowedHosts: services.settings.fetchAllowedHosts });
    const { taken, refused, provisional } = await loadBulk(services.databases, rows, {
      now,
      random: Math.random,
    });
    behindAnswer(services, "queueing pictures", queuePictures(services, provisional));
    const users = usersOf(rows.map(({ operation }) => operation));
    behindAnswer(services, "asking for new user embeddings", refreshEmbeddings(services, users));

    const all = [...bad, ...refused.map(({ line, reason }) => ({ line, detail: sentences[reason] }))];
    const report: BulkReport = {
      counts: countsOf(rows, taken, refused),
      refused: all.length,
      problems: all.sort((a, b) => a.line - b.line).slice(0, limits.maxBulkProblems),
    };
    return c.json(report, 200);
  },
);

const sentences: Record<BulkRefusal, string> = {
  "id-taken": "Make another id: something else has this one.",
  "handle-taken": "Use the id of GET /v1/users/{handle}: this handle has another one.",
  "unknown-user": "Load the user first: there is none of this id.",
  "unknown-board": "Load the board first: there is none of this id that the user can see.",
  "not-member": "Name a board of the user's own, or one that the user works on.",
  "unknown-pin": "Load the pin first: there is none of this id that the user can see.",
  "unknown-target": "Load the target first: there is no user or board of this id that the user can see.",
  gone: "Send the line again: what it is about was taken away while it was loaded.",
};

function countsOf(rows: readonly BulkRow[], taken: Record<BulkOp, number>, refused: BulkOutcome["refused"]) {
  const counts = {} as BulkReport["counts"];
  for (const op of bulkOps) {
    const sent = rows.filter(({ operation }) => operation.op === op).length;
    const left = refused.filter((each) => each.op === op).length;
    counts[op] = { taken: taken[op], known: sent - left - taken[op] };
  }
  return counts;
}

/** A queue takes 100 messages at once. What does not get there is taken up by the sweep. */
const picturesPerBatch = 100;

async function queuePictures({ picturesQueue }: Services, pinIds: readonly PinId[]): Promise<void> {
  for (let start = 0; start < pinIds.length; start += picturesPerBatch) {
    const part = pinIds.slice(start, start + picturesPerBatch);
    await picturesQueue.sendBatch(part.map((pinId) => ({ body: { pinId } })));
  }
}
