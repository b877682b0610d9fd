/** An artifact as parts, to be stored one after the other: it is never in memory twice. */
import type { Neighbours } from "../neighbours.ts";
import { type ArtifactHeader, artifactFormat, artifactMagic, maxIdBytes, type SectionName } from "./format.ts";
import type { QuantisedVectors } from "./vectors.ts";

export interface Model {
  header: Omit<ArtifactHeader, "sections" | "dimensions" | "items" | "keep">;
  /** Of the items, in the order of their rows. */
  ids: readonly string[];
  vectors: QuantisedVectors;
  /** The same vectors unrounded; left out where size counts. */
  floatVectors: Float32Array | null;
  /** Diagonal of the item Gramian in the vectors' basis. */
  gramian: Float32Array;
  itemMean: Float32Array;
  /** Saves of each item. */
  popularity: Uint32Array;
  neighbours: Neighbours;
}

/** The parts in order; their lengths add up to the artifact's. */
export function artifactParts(model: Model): Uint8Array[] {
  const { vectors, neighbours, ids } = model;
  const sections: [SectionName, Uint8Array][] = [
    ["ids", encodeIds(ids)],
    ["vectors", bytesOf(vectors.values)],
    ["scales", bytesOf(vectors.scales)],
    ...(model.floatVectors ? [["floatVectors", bytesOf(model.floatVectors)] satisfies [SectionName, Uint8Array]] : []),
    ["gramian", bytesOf(model.gramian)],
    ["itemMean", bytesOf(model.itemMean)],
    ["popularity", bytesOf(model.popularity)],
    ["neighbourCounts", bytesOf(neighbours.counts)],
    ["neighbourScales", bytesOf(neighbours.scales)],
    ["neighbourItems", bytesOf(neighbours.items)],
    ["neighbourLevels", bytesOf(neighbours.levels)],
  ];
  const header = {
    ...model.header,
    dimensions: vectors.dimensions,
    items: ids.length,
    keep: neighbours.keep,
    sections: Object.fromEntries(sections.map(([name, { byteLength }]) => [name, { offset: 0, bytes: byteLength }])),
  } satisfies ArtifactHeader;
  const headerBytes = placed(header, sections);
  const start = new Uint8Array(16);
  new Uint32Array(start.buffer).set([artifactMagic, artifactFormat, headerBytes.byteLength, 0]);
  return [start, headerBytes, ...sections.flatMap(([, bytes]) => [bytes, new Uint8Array(padding(bytes.byteLength))])];
}

/** Fills in the offsets. The header is padded to a length that no offset can change. */
function placed(header: ArtifactHeader, sections: readonly [SectionName, Uint8Array][]): Uint8Array {
  // An offset has at most ten digits, of which the draft has one.
  const room = JSON.stringify(header).length * 3 + sections.length * 9;
  const length = Math.ceil(room / 16) * 16;
  let offset = 16 + length;
  for (const [name, { byteLength }] of sections) {
    header.sections[name] = { offset, bytes: byteLength };
    offset += byteLength + padding(byteLength);
  }
  const bytes = new Uint8Array(length).fill(0x20);
  new TextEncoder().encodeInto(JSON.stringify(header), bytes);
  return bytes;
}

function encodeIds(ids: readonly string[]): Uint8Array {
  const wrong = ids.find((id) => id.includes("\n") || id === "" || id.length * 3 > maxIdBytes * 3);
  if (wrong !== undefined) throw new RangeError("Give each item an id of 1 to 256 characters on one line.");
  return new TextEncoder().encode(ids.join("\n"));
}

function padding(bytes: number): number {
  return (16 - (bytes % 16)) % 16;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
