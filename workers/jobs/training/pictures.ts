/** What the pins of a training look like: their visual embeddings, kept beside the saves as a file. */
import type { PinId } from "@vitrine/contracts";
import { type Databases, embeddingsOf } from "@vitrine/store";
import type { Pictures } from "@vitrine/training";

/** D1 tells each embedding as 128 numbers: 2,000 of them are 1 MB of JSON, and 20,000 pins ten queries. */
const pinsPerSlice = 2_000;

/** Reads what is there; 2.5 MB for 20,000 pins. Null when no pin has a picture. */
export async function readPictures(databases: Databases, pinIds: readonly PinId[]): Promise<Pictures | null> {
  let pictures: Pictures | null = null;
  for (let first = 0; first < pinIds.length; first += pinsPerSlice) {
    const slice = pinIds.slice(first, first + pinsPerSlice);
    const found = await embeddingsOf(databases, slice);
    for (const [at, pinId] of slice.entries()) {
      const embedding = found.get(pinId);
      if (!embedding) continue;
      const dimensions: number = pictures?.dimensions ?? embedding.length;
      pictures ??= { dimensions, embeddings: new Uint8Array(pinIds.length * dimensions) };
      // Of another encoder: it compares with none of the others, until its picture is looked at anew.
      if (embedding.length !== dimensions) continue;
      pictures.embeddings.set(embedding, (first + at) * dimensions);
    }
  }
  return pictures;
}

/** As parts of a file: the dimensions, then the embeddings. */
export function encodePictures({ dimensions, embeddings }: Pictures): Uint8Array[] {
  return [new Uint8Array(Uint32Array.of(dimensions).buffer), embeddings];
}

/** Borrows the bytes of the parts, joined. */
export function decodePictures(bytes: Uint8Array<ArrayBuffer>): Pictures {
  const dimensions = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return { dimensions, embeddings: bytes.subarray(headBytes) };
}

const headBytes = Uint32Array.BYTES_PER_ELEMENT;
