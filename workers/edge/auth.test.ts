import { beforeAll, describe, expect, test } from "vitest";
import { board, call, type Person, person, pinOfWords, problemOf, read, tokenOf } from "./testing/api.ts";

const nobody = "usr_01j9zq4k3m8x7c2v5b";

let ada: Person;
let bob: Person;
let eve: Person;
let service: string;
/** Things of ada's, on a public board. */
let ids: { board: string; pin: string };

beforeAll(async () => {
  [ada, bob, eve] = await Promise.all([person("auth-ada"), person("auth-bob"), person("auth-new")]);
  service = await tokenOf(undefined, "service");
  const made = await board(ada);
  ids = { board: made.id, pin: (await pinOfWords(ada, made)).id };
});

/** Callers in the order of the columns: ada owns what is named, bob is another writer. */
const tokensOf = () => ({ none: undefined, reader: ada.reader, owner: ada.writer, other: bob.writer, service });

type Row = [operation: string, statuses: string, path?: (() => string) | undefined, body?: () => unknown];

/** What each caller is answered: none, reader, owner, other, service (without a user). */
const matrix: Row[] = [
  ["POST /v1/users", "401 403 403 403 200", undefined, () => ({ handle: "auth-new" })],
  ["GET /v1/users", "200 200 200 200 200"],
  ["GET /v1/users/{idOrHandle}", "200 200 200 200 200", () => "/v1/users/auth-ada"],
  ["GET /v1/users/{id}/boards", "200 200 200 200 200", () => `/v1/users/${ada.id}/boards`],
  ["GET /v1/users/{id}/saves", "200 200 200 200 200", () => `/v1/users/${ada.id}/saves`],
  ["POST /v1/boards", "401 403 201 201 400", undefined, () => ({ name: "x" })],
  ["GET /v1/boards/{id}", "200 200 200 200 200"],
  ["GET /v1/boards/{id}/pins", "200 200 200 200 200"],
  ["PATCH /v1/boards/{id}", "401 403 200 403 400", undefined, () => ({ name: "y" })],
  ["PUT /v1/boards/{id}/collaborators/{userId}", "401 403 200 403 400"],
  ["DELETE /v1/boards/{id}/collaborators/{userId}", "401 403 204 403 400"],
  ["POST /v1/pins", "401 403 201 403 400", undefined, () => ({ boardId: ids.board, title: "t" })],
  ["GET /v1/pins/{id}", "200 200 200 200 200"],
  ["GET /v1/pins", "401 403 403 403 200", () => "/v1/pins?status=failed"],
  ["PATCH /v1/pins/{id}", "401 403 200 403 400", undefined, () => ({ title: "z" })],
  ["POST /v1/pins/{id}/retry", "401 403 200 403 200"],
  ["POST /v1/pins/{id}/signed-url", "401 200 200 200 400", undefined, () => ({ preset: "feed" })],
  ["POST /v1/pins/{id}/purge", "401 403 200 403 200"],
  ["POST /v1/signed-urls", "401 403 403 403 200", undefined, () => ({ path: `/i/${ids.pin}/feed` })],
  ["POST /v1/saves", "401 403 201 201 400", undefined, () => ({ pinId: ids.pin })],
  ["DELETE /v1/saves/{pinId}", "401 403 204 204 400"],
  ["PUT /v1/follows/{id}", "401 403 201 201 400"],
  ["DELETE /v1/follows/{id}", "401 403 204 204 400"],
  ["GET /v1/follows", "401 200 200 200 400"],
  ["PUT /v1/users/{id}/block", "401 403 201 201 400", () => `/v1/users/${eve.id}/block`],
  ["DELETE /v1/users/{id}/block", "401 403 204 204 400", () => `/v1/users/${eve.id}/block`],
  ["GET /v1/blocks", "401 200 200 200 400"],
  ["GET /v1/feed", "200 200 200 200 200"],
  ["POST /v1/rank", "200 200 200 200 200", undefined, () => ({ pinIds: [ids.pin] })],
  ["GET /v1/pins/{id}/related", "200 200 200 200 200", () => `/v1/pins/${ids.pin}/related`],
  ["POST /v1/experiments", "401 403 403 403 400", undefined, () => ({})],
  ["GET /v1/experiments", "401 403 403 403 200"],
  ["GET /v1/experiments/{id}", "401 403 403 403 404", () => "/v1/experiments/none-of-this-name"],
  ["POST /v1/experiments/{id}/start", "401 403 403 403 404", () => "/v1/experiments/none-of-this-name/start"],
  ["POST /v1/experiments/{id}/stop", "401 403 403 403 404", () => "/v1/experiments/none-of-this-name/stop"],
  ["GET /v1/experiments/{id}/results", "401 403 403 403 404", () => "/v1/experiments/none-of-this-name/results"],
  ["GET /v1/models", "401 403 403 403 200"],
  ["GET /v1/models/{version}", "401 403 403 403 404", () => "/v1/models/m0000000000"],
  ["POST /v1/models/train", "401 403 403 403 202"],
  ["POST /v1/models/{version}/serve", "401 403 403 403 200", () => "/v1/models/m0000000000/serve"],
  ["POST /v1/events", "401 403 202 202 400", undefined, () => ({ events: [eventOf("event-of-auth")] })],
  ["POST /v1/bulk", "401 403 403 403 415"],
  ["POST /v1/jobs/{name}", "401 403 403 403 200", () => "/v1/jobs/sweep"],
  ["GET /health", "200 200 200 200 200"],
  ["GET /v1/health", "200 200 200 200 200"],
];

/** Told by other tests: deleting below, the demo and renditions in tests of their own. */
const elsewhere = [/^DELETE \/v1\/(boards|pins)\/{id}$/, / \/demo\//, / \/i\//, / \/image\//];

const eventOf = (id: string) => ({ id, type: "view", pinId: ids.pin });

function defaultPath(operation: string): string {
  const path = operation.split(" ")[1] ?? "";
  const collaborator = operation.startsWith("PUT") ? eve.id : ada.id;
  const pinOrBoard = path.startsWith("/v1/pins") ? ids.pin : ids.board;
  return path.replace("{userId}", collaborator).replace("{pinId}", ids.pin).replace("{id}", pinOrBoard);
}

describe("what each caller may do", () => {
  test.for(matrix)("%s", async ([operation, statuses, path = () => defaultPath(operation), body]) => {
    const [method = ""] = operation.split(" ");
    const answered: number[] = [];
    for (const token of Object.values(tokensOf())) {
      const json = body?.();
      const response = await call(method, path(), { token, ...(json ? { json } : {}) });
      answered.push(response.status);
      const challenge = response.headers.get("www-authenticate");
      if (response.status === 401) expect(challenge).toMatch(/^Bearer/);
      await response.body?.cancel();
    }
    expect(answered.join(" ")).toBe(statuses);
  });

  test("is told above for every operation of the document", async () => {
    const { paths } = await read<{ paths: Record<string, object> }>(call("GET", "/openapi.json"), 200);
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const known = new Set(matrix.map(([operation]) => operation));
    const untold = operations.filter((each) => !known.has(each) && !elsewhere.some((other) => other.test(each)));
    expect(untold).toEqual([]);
    expect(operations.length).toBeGreaterThan(matrix.length);
  });

  test("deleting is for the owner, so it is tried on things of its own", async () => {
    const made = await board(ada);
    const pin = await pinOfWords(ada, made);
    for (const path of [`/v1/pins/${pin.id}`, `/v1/boards/${made.id}`]) {
      await problemOf(call("DELETE", path), 401);
      await problemOf(call("DELETE", path, { token: ada.reader }), 403);
      await problemOf(call("DELETE", path, { token: bob.writer }), 403);
      await problemOf(call("DELETE", path, { token: service }), 400);
      await read(call("DELETE", path, { token: ada.writer }), 204);
      await problemOf(call("DELETE", path, { token: ada.writer }), 404);
    }
  });

  test("a service acts for a user by ?user=, others for themselves alone", async () => {
    const path = `/v1/boards?user=${ada.id}`;
    const made = await read<{ ownerId: string }>(
      call("POST", path, { token: service, json: { name: "for ada" } }),
      201,
    );
    expect(made.ownerId).toBe(ada.id);
    await problemOf(call("POST", path, { token: bob.writer, json: { name: "for ada" } }), 403);
    await problemOf(call("GET", "/v1/follows?user=nonsense", { token: service }), 400);
  });

  test("the token of a user who does not exist reads and does not write", async () => {
    const token = await tokenOf(nobody as Person["id"], "writer");
    await read(call("GET", "/v1/users", { token }), 200);
    await problemOf(call("POST", "/v1/boards", { token, json: { name: "x" } }), 403);
    await problemOf(call("POST", "/v1/saves", { token, json: { pinId: ids.pin } }), 403);
    await problemOf(call("PUT", `/v1/follows/${ada.id}`, { token }), 403);
    const pin = { boardId: ids.board, title: "t" };
    await problemOf(call("POST", "/v1/pins", { token, json: pin }), 403);
  });
});
