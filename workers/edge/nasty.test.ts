import { beforeAll, describe, expect, test } from "vitest";
import { board, call, type Person, person, pinOfWords, tokenOf } from "./testing/api.ts";

let ada: Person;
let service: string;
let ids: { board: string; pin: string };

beforeAll(async () => {
  ada = await person("nasty-ada");
  service = await tokenOf(undefined, "service");
  const made = await board(ada);
  ids = { board: made.id, pin: (await pinOfWords(ada, made)).id };
});

const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;

/** Bodies that a hurried, broken or hostile client sends. */
const bodies: [string, string][] = [
  ["nothing", ""],
  ["no JSON", "{"],
  ["null", "null"],
  ["a number", "1e999"],
  ["a list", "[]"],
  ["deep nesting", deep],
  ["a prototype", '{"__proto__":{"name":"x"},"constructor":{"prototype":{}}}'],
  [
    "wrong types",
    '{"name":{},"title":[],"handle":1,"boardId":true,"pinId":null,"events":{},"preset":0,"visibility":[]}',
  ],
  ["half a surrogate pair", '{"name":"\\ud800","title":"\\udfff","handle":"\\ud800"}'],
  ["a NUL", '{"name":"a\\u0000b","title":"a\\u0000b","description":"\\u0000"}'],
  ["SQL", `{"name":"'); DROP TABLE users; --","title":"' OR 1=1 --","handle":"'; --"}`],
  ["right-to-left and emoji", '{"name":"\\u202e\\u0000👩‍👩‍👧‍👦","title":"👩‍👩‍👧‍👦"}'],
  [
    "a huge string",
    JSON.stringify({ name: "x".repeat(60_000), title: "x".repeat(60_000), handle: "x".repeat(60_000) }),
  ],
  ["huge numbers", '{"expiresInSeconds":1e308,"preset":"feed","limit":-1e308}'],
  ["a URL that is none", '{"imageUrl":"javascript:alert(1)","link":"file:///etc/passwd","title":"x"}'],
  ["bytes that are no UTF-8", "\xff\xfe\x00\x80"],
];

/** Paths with ids that are none. */
const odd = ["", "%00", "%ff", "..%2f..%2fetc", "pin_", "🙂", "x".repeat(5_000), "'", "usr_01j9zq4k3m8x7c2v5b%20"];

/** What was answered with a status of 500 or more, to be nothing. */
async function failureOf(method: string, path: string, options: Parameters<typeof call>[2]): Promise<string[]> {
  const response = await call(method, path, options);
  const answer = await response.text();
  return response.status < 500
    ? []
    : [`${method} ${path.slice(0, 80)} ${JSON.stringify(options).slice(0, 200)}: ${answer}`];
}

describe("no input makes it fail", () => {
  const types = ["application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ""];

  test.for(bodies)("%s", async ([, body]) => {
    const writes: [string, string][] = [
      ["POST", "/v1/users"],
      ["POST", "/v1/boards"],
      ["PATCH", `/v1/boards/${ids.board}`],
      ["POST", "/v1/pins"],
      ["PATCH", `/v1/pins/${ids.pin}`],
      ["POST", `/v1/pins/${ids.pin}/signed-url`],
      ["POST", "/v1/saves"],
      ["POST", "/v1/events"],
      ["POST", "/demo/session"],
    ];
    const known = `{"boardId":"${ids.board}","pinId":"${ids.pin}",`;
    const withIds = body.startsWith('{"') ? body.replace("{", known) : body;
    const failures: string[] = [];
    for (const [method, path] of writes) {
      const token = path === "/v1/users" ? service : ada.writer;
      for (const type of types) {
        for (const sent of new Set([body, withIds])) {
          const headers = { "content-type": type };
          failures.push(...(await failureOf(method, path, { token, body: sent, headers })));
        }
      }
    }
    expect(failures).toEqual([]);
  });

  test.for(odd)("the id %s", async (id) => {
    const users = [
      `/v1/users/${id}`,
      `/v1/users/${id}/boards`,
      `/v1/users/${id}/saves`,
      `/v1/follows/${id}`,
      `/v1/users/${id}/block`,
    ];
    const boards = [`/v1/boards/${id}`, `/v1/boards/${id}/pins`, `/v1/boards/${ids.board}/collaborators/${id}`];
    const pins = [
      `/v1/pins/${id}`,
      `/v1/pins/${id}/related`,
      `/v1/saves/${id}`,
      `/i/${id}/feed`,
      `/i/${ids.pin}/${id}`,
      `/v1/jobs/${id}`,
    ];
    const failures: string[] = [];
    for (const path of [...users, ...boards, ...pins]) {
      for (const method of ["GET", "PUT", "PATCH", "POST", "DELETE"]) {
        failures.push(...(await failureOf(method, path, { token: ada.writer })));
      }
    }
    expect(failures).toEqual([]);
  });

  test("odd queries and headers", async () => {
    const queries = [
      "user=%ff",
      "user=",
      "cursor=%00",
      "limit=NaN",
      "limit=1&limit=2",
      "region=%f0",
      "cursor=🙂&user[]=1",
    ];
    const tokens = ["", "Bearer", "Bearer ", "Bearer a.b.c", `Bearer ${"x".repeat(8_000)}`, "bearer é"];
    const failures: string[] = [];
    for (const path of [
      "/v1/users",
      "/v1/feed",
      "/v1/follows",
      "/v1/blocks",
      `/v1/boards/${ids.board}/pins`,
      `/v1/pins/${ids.pin}/related`,
      "/v1/pins",
    ]) {
      for (const query of queries)
        failures.push(...(await failureOf("GET", `${path}?${query}`, { token: ada.writer })));
    }
    for (const authorization of tokens) {
      failures.push(...(await failureOf("GET", "/v1/users", { headers: { authorization } })));
    }
    expect(failures).toEqual([]);
  });
});
