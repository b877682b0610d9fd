/** Reads an artifact, and refuses what is not one before anything of it is used. */
import type { Neighbours } from "../neighbours.ts";
import {
  type ArtifactHeader,
  artifactFormat,
  artifactHeader,
  artifactMagic,
  maxArtifactBytes,
  maxHeaderBytes,
  type SectionName,
  sectionWidths,
} from "./format.ts";
import type { Model } from "./write.ts";

export class ArtifactError extends Error {
  override readonly name = "ArtifactError";
}

export interface StoredModel extends Omit<Model, "header"> {
  header: ArtifactHeader;
}

/** The header alone, from the artifact's first 16 + `maxHeaderBytes` bytes or more. */
export function readArtifactHeader(bytes: Uint8Array): ArtifactHeader {
  if (bytes.byteLength < 16) throw new ArtifactError("The artifact ends before its header.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== artifactMagic) throw new ArtifactError("This is not a training artifact.");
  const format = view.getUint32(4, true);
  if (format !== artifactFormat) throw new ArtifactError(`The artifact has format ${format}, not ${artifactFormat}.`);
  const length = view.getUint32(8, true);
  if (length > maxHeaderBytes) throw new ArtifactError(`The header has more than ${maxHeaderBytes} bytes.`);
  if (16 + length > bytes.byteLength) throw new ArtifactError("The artifact ends within its header.");
  let parsed: unknown;
  try {
    parsed = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes.subarray(16, 16 + length)),
    );
  } catch (cause) {
    throw new ArtifactError("The header is not JSON.", { cause });
  }
  const header = artifactHeader.safeParse(parsed);
  if (!header.success) throw new ArtifactError("The header is not complete.", { cause: header.error });
  return header.data;
}

/** Views of the bytes where they are aligned; nothing is copied that need not be. */
export function readArtifact(bytes: Uint8Array): StoredModel {
  if (bytes.byteLength > maxArtifactBytes) {
    throw new ArtifactError(`The artifact has more than ${maxArtifactBytes} bytes.`);
  }
  const header = readArtifactHeader(bytes);
  const { items, dimensions, keep } = header;
  const part = (name: SectionName, length: number) => sectionOf(bytes, header, { name, length });
  const ids = new TextDecoder().decode(part("ids", header.sections.ids?.bytes ?? 0)).split("\n");
  if (ids.length !== items) throw new ArtifactError(`The artifact has ${ids.length} ids for ${items} items.`);
  const neighbours: Neighbours = {
    keep,
    counts: words(part("neighbourCounts", items)),
    scales: floats(part("neighbourScales", items)),
    items: words(part("neighbourItems", items * keep)),
    levels: part("neighbourLevels", items * keep),
  };
  if (neighbours.counts.some((count) => count > keep)) throw new ArtifactError("A list of neighbours is too long.");
  if (neighbours.items.some((item) => item >= items)) throw new ArtifactError("A neighbour is not an item.");
  const values = part("vectors", items * dimensions);
  return {
    header,
    ids,
    vectors: {
      dimensions,
      values: new Int8Array(values.buffer, values.byteOffset, values.byteLength),
      scales: floats(part("scales", items)),
    },
    floatVectors: header.sections.floatVectors ? floats(part("floatVectors", items * dimensions)) : null,
    gramian: floats(part("gramian", dimensions)),
    itemMean: floats(part("itemMean", dimensions)),
    popularity: words(part("popularity", items)),
    neighbours,
  };
}

function sectionOf(
  bytes: Uint8Array,
  { sections }: ArtifactHeader,
  { name, length }: { name: SectionName; length: number },
): Uint8Array {
  const section = sections[name];
  if (!section) throw new ArtifactError(`The artifact has no ${name}.`);
  if (section.bytes !== length * sectionWidths[name])
    throw new ArtifactError(`The artifact's ${name} have a wrong length.`);
  if (section.offset % 16 !== 0 || section.offset + section.bytes > bytes.byteLength) {
    throw new ArtifactError(`The artifact ends within its ${name}.`);
  }
  const view = bytes.subarray(section.offset, section.offset + section.bytes);
  return view.byteOffset % 4 === 0 ? view : view.slice();
}

function floats({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array {
  const values = new Float32Array(buffer, byteOffset, byteLength / 4);
  if (values.some((value) => !Number.isFinite(value)))
    throw new ArtifactError("The artifact has a number that is none.");
  return values;
}

function words({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
