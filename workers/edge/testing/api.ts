/** Calls the edge as clients do, over HTTP, with tokens that the edge itself would issue. */
import { env, exports } from "cloudflare:workers";
import type { Board, Pin, ProblemDetails, User, UserId } from "@vitrine/contracts";
import { SignJWT } from "jose";
import type { Scope } from "../context.ts";

export interface CallOptions {
  token?: string | undefined;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
}

/** One request; `json` is sent as JSON, `body` as it is. */
export async function call(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  if (options.token) headers.set("authorization", `Bearer ${options.token}`);
  if (options.json !== undefined) headers.set("content-type", "application/json");
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  return exports.default.fetch(`https://edge.test${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

/** The body of an answer that must have the status. */
export async function read<T>(answer: Response | Promise<Response>, status: number): Promise<T> {
  const response = await answer;
  const text = await response.text();
  if (response.status !== status) throw new Error(`expected ${status}, got ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** The problem that a refused request is answered with. */
export async function problemOf(answer: Response | Promise<Response>, status: number): Promise<ProblemDetails> {
  const response = await answer;
  const type = response.headers.get("content-type");
  if (type !== "application/problem+json") throw new Error(`no problem but ${response.status} of type ${type}`);
  return read<ProblemDetails>(response, status);
}

/** A token of the given scope; service tokens need no user. */
export function tokenOf(userId: UserId | undefined, scope: Scope): Promise<string> {
  const token = new SignJWT({ scope }).setProtectedHeader({ alg: "HS256" }).setExpirationTime("1h");
  if (userId) token.setSubject(userId);
  return token.sign(new TextEncoder().encode(env.JWT_SECRET));
}

export interface Person extends User {
  reader: string;
  writer: string;
}

/** A user of the handle with tokens; the same handle is the same user. */
export async function person(handle: string): Promise<Person> {
  const service = await tokenOf(undefined, "service");
  const response = await call("POST", "/v1/users", { token: service, json: { handle } });
  const user = await read<User>(response, response.status === 200 ? 200 : 201);
  return { ...user, reader: await tokenOf(user.id, "reader"), writer: await tokenOf(user.id, "writer") };
}

export function board(owner: Person, visibility: "public" | "secret" = "public", name = "A board"): Promise<Board> {
  return read<Board>(call("POST", "/v1/boards", { token: owner.writer, json: { name, visibility } }), 201);
}

/** A pin of words alone, which is ready at once. */
export function pinOfWords(creator: Person, { id: boardId }: Board, title = "Words"): Promise<Pin> {
  return read<Pin>(call("POST", "/v1/pins", { token: creator.writer, json: { boardId, title } }), 201);
}

export function upload(creator: Person, { id }: Board, file: Blob, headers: Record<string, string> = {}) {
  const form = new FormData();
  form.set("boardId", id);
  form.set("title", "A picture");
  form.set("file", file, "picture.png");
  return call("POST", "/v1/pins", { token: creator.writer, body: form, headers });
}

/** A PNG that is different for each seed: 2×2 pixels of RGB, stored without compression. */
export function png(seed: number, { width = 2, height = 2 } = {}): Blob {
  const rows = Array.from({ length: 2 }, (_, y) => [
    0,
    ...Array.from({ length: 6 }, (_, i) => (seed >> (i + y)) & 255),
  ]).flat();
  const stored = [0x78, 1, 1, rows.length, 0, ~rows.length & 255, 255, ...rows, ...bigEndian(adler32(rows))];
  const header = [...bigEndian(width), ...bigEndian(height), 8, 2, 0, 0, 0];
  const bytes = [137, 80, 78, 71, 13, 10, 26, 10, ...chunk("IHDR", header), ...chunk("tEXt", seedText(seed))];
  return new Blob([Uint8Array.from([...bytes, ...chunk("IDAT", stored), ...chunk("IEND", [])])], { type: "image/png" });
}

function seedText(seed: number): number[] {
  return Array.from(`seed\0${seed}`, (character) => character.charCodeAt(0));
}

function chunk(name: string, data: number[]): number[] {
  const body = [...Array.from(name, (character) => character.charCodeAt(0)), ...data];
  return [...bigEndian(data.length), ...body, ...bigEndian(crc32(body))];
}

function bigEndian(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function adler32(bytes: number[]): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

function crc32(bytes: number[]): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
