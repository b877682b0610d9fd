/** One file through the stack: uploaded, then three renditions of it, every answer looked at. */
import { type PlannedPreset, parseRenditionPath } from "@vitrine/image";
import sharp from "sharp";
import type { Target } from "../measures/target.ts";
import { type Sides, sizeFault } from "./dimensions.ts";
import type { FaultKind } from "./findings.ts";

/** Slower than this counts as a hang. */
export const hangMillis = 5_000;
/** Then nobody waits any longer. */
const abandonedMillis = 30_000;

/** One of each fit, and each of the formats that a browser may ask for today. */
const renditions = ["thumbnail.webp", "large.jpg", "grid.png"] as const;

export interface FuzzFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  isMutant: boolean;
}

export interface Answered {
  request: string;
  /** Null when all is as it should be or the file was refused. */
  fault: { kind: FaultKind; detail: string } | null;
  /** Null when it was served; else a code with its status, such as `415 unsupported-media-type`. */
  refusal: string | null;
}

export interface Sent {
  /** Null when the upload was refused. */
  pinId: string | null;
  answers: Answered[];
}

export async function sendFile(target: Target, file: FuzzFile): Promise<Sent> {
  const uploaded = await timed("upload", (signal) => target.upload(file.bytes, titleOf(file.name), signal));
  const { id } = uploaded.isServed ? (JSON.parse(uploaded.body.toString("utf8")) as { id: string }) : { id: null };
  const answers = [uploaded.answered];
  if (id === null) return { pinId: null, answers };
  const source = await uprightSize(file.bytes);
  for (const rendition of renditions) {
    const path = `/i/${id}/${rendition}`;
    const { answered, body, headers, isServed } = await timed(rendition, (signal) =>
      fetch(new URL(path, target.url), { signal }),
    );
    const { preset } = parseRenditionPath(path);
    if (isServed && !answered.fault && preset !== "original") {
      // What stands in for a rendition that could not be made has no ETag: behind it is a failure of the server.
      answered.fault = headers?.has("etag")
        ? await pictureFault(body, { preset, source, isMutant: file.isMutant })
        : { kind: "substitute", detail: headers?.get("server-timing") ?? "another rendition was shown" };
    }
    answers.push(answered);
  }
  return { pinId: id, answers };
}

interface Timed {
  answered: Answered;
  isServed: boolean;
  body: Buffer;
  headers: Headers | null;
}

async function timed(request: string, ask: (signal: AbortSignal) => Promise<Response>): Promise<Timed> {
  const start = performance.now();
  try {
    const response = await ask(AbortSignal.timeout(abandonedMillis));
    const body = Buffer.from(await response.arrayBuffer());
    const millis = performance.now() - start;
    const refusal = response.ok ? null : `${response.status} ${codeOf(body)}`;
    const answered: Answered = { request, refusal, fault: null };
    if (response.status >= 500)
      answered.fault = { kind: "5xx", detail: `${refusal}: ${body.toString("utf8", 0, 300)}` };
    else if (millis > hangMillis) answered.fault = { kind: "hang", detail: `${(millis / 1000).toFixed(1)} s` };
    return { answered, isServed: response.ok, body, headers: response.headers };
  } catch (error) {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const words = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}`.trim() : String(error);
    const isAbandoned = error instanceof DOMException && error.name === "TimeoutError";
    const kind = isAbandoned ? "hang" : "5xx";
    const fault = { kind, detail: `no answer after ${seconds} s: ${words}` } as const;
    return {
      answered: { request, refusal: "no answer", fault },
      isServed: false,
      body: Buffer.alloc(0),
      headers: null,
    };
  }
}

function codeOf(body: Buffer): string {
  try {
    return (JSON.parse(body.toString("utf8")) as { code?: string }).code ?? "without a code";
  } catch {
    return "without a code";
  }
}

interface Promised {
  preset: PlannedPreset;
  source: Sides | null;
  isMutant: boolean;
}

/** Decodes the rendition to its end, so that a cut one is found as well. */
async function pictureFault(bytes: Buffer, { preset, source, isMutant }: Promised): Promise<Answered["fault"]> {
  const made = await sharp(bytes, { failOn: "error" })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => String(error));
  if (typeof made === "string") return { kind: "unreadable", detail: made };
  const detail = sizeFault(preset, made.info, source);
  if (detail === null) return null;
  // Two readers may disagree on which way is up in a broken EXIF block, and neither is wrong.
  const turned = isMutant && source && { width: source.height, height: source.width };
  return turned && sizeFault(preset, made.info, turned) === null ? null : { kind: "wrong size", detail };
}

/** Null when sharp cannot read the file. */
async function uprightSize(bytes: Uint8Array): Promise<Sides | null> {
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  return metadata && metadata.width > 0 && metadata.height > 0 ? metadata.autoOrient : null;
}

/** Titles are words of at most 200 characters. */
function titleOf(name: string): string {
  return name.slice(-200);
}
