/** An original from the bucket, read in two steps: what it takes is known before it is in memory. */
import { Problem } from "@vitrine/contracts";
import { probePicture, probePrefix } from "@vitrine/image";

/** The part of a bucket's object that is read here. */
export interface StoredFile {
  size: number;
  body: ReadableStream<Uint8Array>;
}

export interface OpenOriginal {
  /** From the first bytes; undefined when the header reaches beyond `maxHeaderBytes`. */
  probe: ReturnType<typeof probePrefix>;
  /** The file in pieces, once; throws `unavailable` when it breaks off. */
  stream(): AsyncIterable<Uint8Array>;
  /** The whole file, once; throws the same. */
  read(): Promise<Uint8Array>;
  /** Lets go of what is not read; never throws. */
  cancel(): Promise<void>;
}

/** Colour profiles and previews stand before the size in some JPEGs; those of 1 MB and more are rare. */
const maxHeaderBytes = 1_000_000;

/** Reads on until the header is known. Throws the Problems of `probePicture`. */
export async function openOriginal(file: StoredFile): Promise<OpenOriginal> {
  const reader = file.body.getReader();
  const cancel = () => reader.cancel().catch(() => undefined);
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  try {
    let probe: OpenOriginal["probe"];
    while (!probe && !isWhole && length < maxHeaderBytes) {
      // Every try reads twice as much as the one before: a long header is not parsed again for each chunk.
      const wanted = Math.max(1, length * 2);
      while (!isWhole && length < wanted) {
        const { done, value } = await reader.read();
        if (done) isWhole = true;
        else {
          chunks.push(value);
          length += value.length;
        }
      }
      const start = join(chunks, length);
      chunks.splice(0, chunks.length, start);
      probe = isWhole ? probePicture(start) : probePrefix(start, file.size);
    }
    const stream = () => piecesOf(chunks, reader, file.size);
    return { probe, cancel, stream, read: () => readWhole(stream(), file.size) };
  } catch (error) {
    await cancel();
    throw error;
  }
}

/** A file that breaks off must not pass for a damaged one, whose picture would be kept. */
async function* piecesOf(
  first: Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for (let piece = first.shift(); piece; piece = first.shift()) {
    length += piece.length;
    yield piece;
  }
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw brokenOff(cause);
    });
    if (done) break;
    length += value.length;
    yield value;
  }
  if (length !== size) throw brokenOff();
}

async function readWhole(pieces: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const whole = new Uint8Array(size);
  let at = 0;
  for await (const piece of pieces) {
    if (at + piece.length > size) throw brokenOff();
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function brokenOff(cause?: unknown): Problem {
  return new Problem("unavailable", "The picture could not be read whole: ask again.", { cause });
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
