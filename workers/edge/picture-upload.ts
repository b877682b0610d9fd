/** Reading what makes a pin: words and a picture of a form, or JSON. Everything is refused before anything is kept. */
import { CreatePin, limits, Problem, UploadPin } from "@vitrine/contracts";
import { assertDecodable, probePicture } from "@vitrine/image";
import type { Context, MiddlewareHandler } from "hono";
import { limitBody, limitJson } from "./body-limit.ts";
import type { EdgeEnv } from "./context.ts";
import { toHex } from "./hex.ts";
import { invalidRequest } from "./router.ts";

/** A picture that can be decoded, under the hash that it is kept under. */
export interface UploadedPicture {
  /** SHA-256, lower-case hex. */
  hash: string;
  contentType: string;
  bytes: ArrayBuffer;
}

/** What a request asks for: a pin's words, and its picture unless it is by URL or there is none. */
export interface PinRequest {
  words: CreatePin;
  file: Blob | null;
}

/** A form is the picture, the words and what parts them. */
const limitForm = limitBody(limits.maxUploadBytes + limits.maxJsonBytes);

/** Bounds the body by what it is, before it is read. */
export const limitPinBody: MiddlewareHandler<EdgeEnv> = (c, next) =>
  isForm(c) ? limitForm(c, next) : limitJson(c, next);

/** The parsed body of `POST /v1/pins`. */
export async function readPinRequest(c: Context<EdgeEnv>): Promise<PinRequest> {
  if (isForm(c)) return readForm(c.req.raw);
  if (/^application\/json\b/i.test(c.req.header("content-type") ?? "")) return { words: await readJson(c), file: null };
  throw new Problem(
    "unsupported-media-type",
    "Send multipart/form-data with the picture in `file`, or application/json.",
  );
}

/** The picture of an upload, probed by its header and hashed. Nothing is decoded here. */
export async function readPicture(file: Blob): Promise<UploadedPicture> {
  if (file.size > limits.maxUploadBytes) {
    throw new Problem("payload-too-large", `Send a picture of at most ${limits.maxUploadBytes} bytes.`);
  }
  const bytes = await file.arrayBuffer();
  const probe = probePicture(new Uint8Array(bytes));
  assertDecodable(probe);
  const hash = toHex(await crypto.subtle.digest("SHA-256", bytes));
  return { hash, contentType: probe.contentType, bytes };
}

function isForm(c: Context<EdgeEnv>): boolean {
  return /^multipart\/form-data\b/i.test(c.req.header("content-type") ?? "");
}

async function readForm(request: Request): Promise<PinRequest> {
  const form = await request.formData().catch((cause: unknown) => {
    throw new Problem("invalid-request", "Send a complete multipart/form-data body with its boundary.", { cause });
  });
  // An empty field of a form is one that was not filled in.
  const filled = [...form].filter(([, value]) => value !== "");
  const parsed = UploadPin.safeParse(Object.fromEntries(filled));
  if (!parsed.success) throw invalidRequest(parsed.error, "the form");
  const { file, ...words } = parsed.data;
  if (file instanceof Blob) return { words, file };
  throw new Problem("invalid-request", "Put the picture into the form's field `file`, as a file.");
}

async function readJson(c: Context<EdgeEnv>): Promise<CreatePin> {
  const body: unknown = await c.req.json().catch((cause: unknown) => {
    throw new Problem("invalid-request", "Send a body that is JSON.", { cause });
  });
  const parsed = CreatePin.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error, "the body");
  if (parsed.data.imageUrl || parsed.data.title || parsed.data.description) return parsed.data;
  throw new Problem("invalid-request", "Give the pin a picture in `file`, an `imageUrl`, or at least a title.");
}
