/** The API as a stranger would call it: fetch, and of our own code the types alone. */
import type { Board, Pin } from "@vitrine/contracts";
import { SignJWT } from "jose";
import { expect, inject } from "vitest";

export interface Caller {
  id: string;
  token: string;
}

interface CallOptions {
  token?: string;
  json?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
  method?: string;
}

export function call(path: string, options: CallOptions = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  if (options.token !== undefined) headers.set("authorization", `Bearer ${options.token}`);
  if (options.json !== undefined) headers.set("content-type", "application/json");
  const body = options.json === undefined ? options.form : JSON.stringify(options.json);
  const method = options.method ?? (body === undefined ? "GET" : "POST");
  return fetch(new URL(path, inject("stackUrl")), {
    method,
    headers,
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
  });
}

/** Calls, expects the status, and answers the JSON body. */
export async function callJson<T>(path: string, status: number, options: CallOptions = {}): Promise<T> {
  const response = await call(path, options);
  const text = await response.text();
  expect(response.status, `${options.method ?? ""} ${path}: ${text}`).toBe(status);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Of the common stack, unless the secret is another's. */
export async function tokenFor(
  subject: string | undefined,
  scope: "reader" | "writer" | "service",
  secret = inject("jwtSecret"),
): Promise<string> {
  const jwt = new SignJWT({ scope }).setProtectedHeader({ alg: "HS256" }).setIssuedAt().setExpirationTime("1h");
  if (subject !== undefined) jwt.setSubject(subject);
  return jwt.sign(new TextEncoder().encode(secret));
}

let callers = 0;

/** A new user with a writer's token. */
export async function newCaller(name = "user"): Promise<Caller> {
  const handle = `${name}-${Date.now().toString(36)}-${callers++}`;
  const service = await tokenFor(undefined, "service");
  const response = await call("/v1/users", { token: service, json: { handle } });
  expect([200, 201]).toContain(response.status);
  const { id } = (await response.json()) as { id: string };
  return { id, token: await tokenFor(id, "writer") };
}

export async function newBoard(owner: Caller, visibility: "public" | "secret" = "public"): Promise<string> {
  const board = await callJson<Board>("/v1/boards", 201, { token: owner.token, json: { name: "Things", visibility } });
  return board.id;
}

interface Upload {
  category?: string;
  title?: string;
  key?: string;
}

/** Uploads a picture and answers the pin's id. */
export async function upload(owner: Caller, boardId: string, picture: Uint8Array, words: Upload = {}): Promise<string> {
  const form = pictureForm(boardId, picture, words);
  const headers: Record<string, string> = words.key === undefined ? {} : { "idempotency-key": words.key };
  const pin = await callJson<Pin>("/v1/pins", 202, { token: owner.token, form, headers });
  expect(pin.status).toBe("provisional");
  return pin.id;
}

export function pictureForm(boardId: string, picture: Uint8Array, words: Upload = {}): FormData {
  const form = new FormData();
  form.set("boardId", boardId);
  if (words.title !== undefined) form.set("title", words.title);
  if (words.category !== undefined) form.set("category", words.category);
  form.set("file", new Blob([Uint8Array.from(picture)]), "picture.jpg");
  return form;
}

/** Waits until none of the pins is provisional any more; answers their final states. */
export async function untilSettled(pinIds: readonly string[], token?: string): Promise<Pin[]> {
  const settled: Pin[] = [];
  for (const id of pinIds) {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const pin = await callJson<Pin>(`/v1/pins/${id}`, 200, token === undefined ? {} : { token });
      if (pin.status !== "provisional") {
        settled.push(pin);
        break;
      }
      if (Date.now() > deadline) throw new Error(`pin ${id} is provisional for over 60 s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return settled;
}

/** Uploads pictures side by side and waits until all are ready; answers their pins in the same order. */
export async function newReadyPins(
  owner: Caller,
  boardId: string,
  pictures: readonly Uint8Array[],
  words: Upload = {},
): Promise<string[]> {
  const ids = await Promise.all(pictures.map((picture) => upload(owner, boardId, picture, words)));
  for (const pin of await untilSettled(ids, owner.token))
    expect(pin, pin.failure ?? "").toMatchObject({ status: "ready" });
  return ids;
}

export async function newReadyPin(owner: Caller, boardId: string, picture: Uint8Array): Promise<string> {
  const [id] = await newReadyPins(owner, boardId, [picture]);
  return id ?? "";
}
