/** Items of an artifact in R2, read by range: of 30 MB only what a step works on is in memory. */
import type { PinId } from "@vitrine/contracts";
import { encodeNeighbours, encodePinVector, toBase64 } from "@vitrine/ranking";
import type { PinModelRow } from "@vitrine/store";
import { type ArtifactHeader, maxHeaderBytes, readArtifactHeader } from "@vitrine/training";
import type { ModelFiles } from "./services.ts";
import { filledUp } from "./serving.ts";

export interface ArtifactInFile {
  header: ArtifactHeader;
  /** Pin of each item. */
  pinIds: PinId[];
}

/** One pin with its vector, filled up to the dimensions of the taste index, and its row in D1. */
export interface LearnedPin extends PinModelRow {
  values: Float32Array;
}

export async function openArtifact(files: ModelFiles, version: string): Promise<ArtifactInFile> {
  const header = readArtifactHeader(
    await files.readRange(version, "artifact", { offset: 0, length: 16 + maxHeaderBytes }),
  );
  const ids = await files.readRange(version, "artifact", sectionOf(header, "ids"));
  return { header, pinIds: new TextDecoder().decode(ids).split("\n") as PinId[] };
}

/** The items from `first` to before `last`. */
export async function readItems(
  files: ModelFiles,
  { header, pinIds }: ArtifactInFile,
  { first, last }: { first: number; last: number },
): Promise<LearnedPin[]> {
  const { dimensions, keep, modelVersion } = header;
  const end = Math.min(last, pinIds.length);
  const part = async (name: string, bytesPerItem: number): Promise<ArrayBuffer> => {
    const { offset } = sectionOf(header, name);
    const range = { offset: offset + first * bytesPerItem, length: (end - first) * bytesPerItem };
    // A copy begins at 0 and may be seen as words.
    return (await files.readRange(modelVersion, "artifact", range)).slice().buffer as ArrayBuffer;
  };
  const [vectors, scales, counts, neighbourScales, items, levels] = await Promise.all([
    part("vectors", dimensions),
    part("scales", 4),
    part("neighbourCounts", 4),
    part("neighbourScales", 4),
    part("neighbourItems", keep * 4),
    part("neighbourLevels", keep),
  ]);
  const values = new Int8Array(vectors);
  return pinIds.slice(first, end).map((pinId, at): LearnedPin => {
    const scale = new Float32Array(scales)[at] ?? 0;
    const vector = filledUp(
      Float32Array.from(values.subarray(at * dimensions, (at + 1) * dimensions), (v) => v * scale),
    );
    const count = new Uint32Array(counts)[at] ?? 0;
    const heaviest = new Float32Array(neighbourScales)[at] ?? 0;
    const neighbours = encodeNeighbours({
      items: new Uint32Array(items, at * keep * 4, count),
      weights: Float32Array.from(new Uint8Array(levels, at * keep, count), (level) => heaviest * (level / 255) ** 2),
    });
    return {
      pinId,
      item: first + at,
      vector: toBase64(encodePinVector(vector)),
      neighbours: toBase64(neighbours),
      values: vector,
    };
  });
}

function sectionOf({ sections }: ArtifactHeader, name: string): { offset: number; length: number } {
  const section = sections[name];
  if (!section) throw new Error(`the artifact has no ${name}`);
  return { offset: section.offset, length: section.bytes };
}
