/** An original from the bucket, read in two steps: what it takes is known before it is in memory. */
import { Problem } from "@vitrine/contracts";
import { type PictureProbe, probePicture, probePrefix } from "@vitrine/image";

/** The part of a bucket's object that is read here. */
export interface StoredFile {
  size: number;
  body: ReadableStream<Uint8Array>;
}

export interface OpenOriginal {
  /** From the first bytes; undefined when the header reaches beyond `maxHeaderBytes`. */
  probe: PictureProbe | undefined;
  /** The whole file. */
  read(): Promise<Uint8Array>;
  /** Lets go of what is not read; never throws. */
  cancel(): Promise<void>;
}

/** Colour profiles and previews stand before the size in some JPEGs; those of 1 MB and more are rare. */
const maxHeaderBytes = 1_000_000;

/** Reads on until the header is known. Throws the Problems of `probePicture`. */
export async function openOriginal(file: StoredFile): Promise<OpenOriginal> {
  const reader = file.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  const readChunk = async () => {
    const { done, value } = await reader.read();
    if (done) isWhole = true;
    else {
      chunks.push(value);
      length += value.length;
    }
  };
  const cancel = () => reader.cancel().catch(() => undefined);
  try {
    let probe: PictureProbe | undefined;
    while (!probe && !isWhole && length < maxHeaderBytes) {
      // Every try reads twice as much as the one before: a long header is not parsed again for each chunk.
      const wanted = Math.max(1, length * 2);
      while (!isWhole && length < wanted) await readChunk();
      probe = isWhole ? probePicture(join(chunks, length)) : probePrefix(join(chunks, length), file.size);
    }
    return {
      probe,
      cancel,
      async read() {
        while (!isWhole) await readChunk();
        if (length !== file.size) throw new Problem("unavailable", "The picture could not be read whole: ask again.");
        return join(chunks, length);
      },
    };
  } catch (error) {
    await cancel();
    throw error;
  }
}

function join(chunks: Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  // One chunk from here on: the parts need not stay beside the whole.
  chunks.splice(0, chunks.length, whole);
  return whole;
}
