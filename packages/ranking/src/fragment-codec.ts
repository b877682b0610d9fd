/**
 * Fragments as the tiers outside of an isolate keep them, all little-endian:
 *
 *   0  f64  built at           12  u16  dimensions of the visual embeddings    16  u32  bytes of the strings
 *   8  u32  candidates         14  u16  dimensions of the collaborative ones   20  u16  length of the model's version
 *
 * then a record a candidate (numbers, lengths of its strings, int8 embeddings), then all strings in UTF-8.
 * Nothing that is decoded borrows from the bytes: a pin outlives its fragment, and must not keep all of it in memory. 100
 * candidates are 24 KB (44 as JSON).
 */
import type { BoardId, PinCard, PinId, UserId } from "@vitrine/contracts";
import { dequantise, quantise } from "@vitrine/vectors";
import type { Candidate, Fragment } from "./candidate.ts";
import { hashOfId } from "./pin-hashes.ts";
import { lengthOf, type PinVector } from "./pin-vector.ts";

// Both belong to every runtime that Vitrine has, and to no ECMAScript library.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}

const headerBytes = 24;
/** f64 created at · u32 saves · i32 item · u32 width · u32 height · f32 scale · u8 flags, u8 zero · 6 × u16 lengths. */
const fixedBytes = 42;
const unknownPixels = 0xffffffff;
const flag = { embedding: 1, taste: 2, picture: 4, category: 8, color: 16 } as const;

export function encodeFragment({ builtAt, model, candidates }: Fragment): Uint8Array<ArrayBuffer> {
  const sightDimensions = candidates.reduce((most, { embedding }) => Math.max(most, embedding.length), 0);
  const tasteDimensions = candidates.reduce((most, { taste }) => Math.max(most, taste?.values.length ?? 0), 0);
  const encoder = new TextEncoder();
  const strings = encoder.encode(model + candidates.map(({ pin }) => stringsOf(pin).join("")).join(""));
  const recordBytes = fixedBytes + sightDimensions + tasteDimensions;
  const bytes = new Uint8Array(headerBytes + candidates.length * recordBytes + strings.length);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, builtAt, true);
  view.setUint32(8, candidates.length, true);
  view.setUint16(12, sightDimensions, true);
  view.setUint16(14, tasteDimensions, true);
  view.setUint32(16, strings.length, true);
  view.setUint16(20, model.length, true);
  candidates.forEach((candidate, i) => {
    const at = headerBytes + i * recordBytes;
    writeNumbers(view, at, { ...candidate, encoder });
    bytes.set(quantise(candidate.embedding), at + fixedBytes);
    const taste = candidate.taste?.values ?? new Int8Array();
    bytes.set(new Uint8Array(taste.buffer, taste.byteOffset, taste.length), at + fixedBytes + sightDimensions);
  });
  bytes.set(strings, bytes.length - strings.length);
  return bytes;
}

export interface DecodeOptions {
  /** Where a pin's renditions are: the same for all pins, so it is not kept. */
  renditionsOf(id: PinId): PinCard["renditions"];
}

/** Throws on bytes that are cut off. */
export function decodeFragment(bytes: Uint8Array, { renditionsOf }: DecodeOptions): Fragment {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [count, sightDimensions, tasteDimensions] = [
    view.getUint32(8, true),
    view.getUint16(12, true),
    view.getUint16(14, true),
  ];
  const recordBytes = fixedBytes + sightDimensions + tasteDimensions;
  if (bytes.length !== headerBytes + count * recordBytes + view.getUint32(16, true))
    throw new Error("the fragment is cut off");
  const strings = stringReader(bytes.subarray(headerBytes + count * recordBytes));
  const model = strings(view.getUint16(20, true));
  const candidates = Array.from({ length: count }, (_, i): Candidate => {
    const at = headerBytes + i * recordBytes;
    const flags = view.getUint8(at + 28);
    const pin = readCard(view, { at, flags, strings, renditionsOf });
    const sight = bytes.subarray(at + fixedBytes, at + fixedBytes + sightDimensions);
    const taste = flags & flag.taste ? tasteAt(view, at, { sightDimensions, tasteDimensions }) : null;
    return {
      pin,
      hash: hashOfId(pin.id),
      embedding: flags & flag.embedding ? dequantise(sight) : new Float32Array(),
      item: view.getInt32(at + 12, true),
      taste,
      tasteLength: taste ? lengthOf(taste) : 0,
      createdAt: view.getFloat64(at, true),
      saves: view.getUint32(at + 8, true),
    };
  });
  return { builtAt: view.getFloat64(0, true), model, candidates };
}

/** In the order of their lengths in a record. */
function stringsOf({ id, userId, boardId, title, category, color }: PinCard): string[] {
  return [id, userId, boardId, title, category ?? "", color ?? ""];
}

function writeNumbers(
  view: DataView,
  at: number,
  { pin, embedding, taste, item, createdAt, saves, encoder }: Candidate & { encoder: TextEncoder },
): void {
  view.setFloat64(at, createdAt, true);
  view.setUint32(at + 8, saves, true);
  view.setInt32(at + 12, item, true);
  view.setUint32(at + 16, pin.width ?? unknownPixels, true);
  view.setUint32(at + 20, pin.height ?? unknownPixels, true);
  view.setFloat32(at + 24, taste?.scale ?? 0, true);
  const flags =
    (embedding.length > 0 ? flag.embedding : 0) |
    (taste ? flag.taste : 0) |
    (pin.renditions ? flag.picture : 0) |
    (pin.category === null ? 0 : flag.category) |
    (pin.color === null ? 0 : flag.color);
  view.setUint8(at + 28, flags);
  stringsOf(pin).forEach((text, i) => {
    view.setUint16(at + 30 + i * 2, encoder.encode(text).length, true);
  });
}

/** Answers the next so many bytes as text each time; a slice of a longer text would keep all of it in memory. */
function stringReader(bytes: Uint8Array): (length: number) => string {
  const decoder = new TextDecoder();
  let at = 0;
  return (length) => {
    at += length;
    return decoder.decode(bytes.subarray(at - length, at));
  };
}

interface CardPlace extends DecodeOptions {
  at: number;
  flags: number;
  strings(length: number): string;
}

function readCard(view: DataView, { at, flags, strings, renditionsOf }: CardPlace): PinCard {
  const next = (i: number) => strings(view.getUint16(at + 30 + i * 2, true));
  const pixels = (value: number) => (value === unknownPixels ? null : value);
  const [id, userId, boardId] = [next(0) as PinId, next(1) as UserId, next(2) as BoardId];
  const [title, category, color] = [next(3), next(4), next(5)];
  return {
    id,
    userId,
    boardId,
    title,
    category: flags & flag.category ? category : null,
    width: pixels(view.getUint32(at + 16, true)),
    height: pixels(view.getUint32(at + 20, true)),
    color: flags & flag.color ? color : null,
    renditions: flags & flag.picture ? renditionsOf(id) : null,
  };
}

function tasteAt(
  view: DataView,
  at: number,
  { sightDimensions, tasteDimensions }: { sightDimensions: number; tasteDimensions: number },
): PinVector {
  const from = view.byteOffset + at + fixedBytes + sightDimensions;
  return { scale: view.getFloat32(at + 24, true), values: new Int8Array(view.buffer, from, tasteDimensions).slice() };
}
