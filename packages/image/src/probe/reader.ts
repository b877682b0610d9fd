/** Thrown when the bytes end inside a header: more of them may help, or the picture is cut off. */
export class HeaderEnds extends Error {
  override readonly name = "HeaderEnds";
}

/** Thrown when a header contradicts its format. */
export class HeaderBroken extends Error {
  override readonly name = "HeaderBroken";
}

/** Bounds-checked big- and little-endian reads; every read past the end throws `HeaderEnds`. */
export interface Reader {
  readonly length: number;
  u8(at: number): number;
  u16(at: number, littleEndian?: boolean): number;
  u24le(at: number): number;
  u32(at: number, littleEndian?: boolean): number;
  /** Four characters, for the names of chunks and boxes. */
  tag(at: number): string;
  /** A window; one that reaches past the end throws. */
  slice(start: number, end: number): Reader;
  /** A view; one that reaches past the end throws. */
  bytes(start: number, end: number): Uint8Array;
}

export function readerOf(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const within = (at: number, size: number) => {
    if (at < 0 || at + size > bytes.length) throw new HeaderEnds(`needs ${at + size} bytes, has ${bytes.length}`);
    return at;
  };
  return {
    length: bytes.length,
    u8: (at) => view.getUint8(within(at, 1)),
    u16: (at, littleEndian = false) => view.getUint16(within(at, 2), littleEndian),
    u24le: (at) => view.getUint16(within(at, 3), true) | (view.getUint8(at + 2) << 16),
    u32: (at, littleEndian = false) => view.getUint32(within(at, 4), littleEndian),
    tag: (at) => String.fromCharCode(...bytes.subarray(within(at, 4), at + 4)),
    bytes: (start, end) => bytes.subarray(within(start, Math.max(0, end - start)), end),
    slice: (start, end) => readerOf(bytes.subarray(within(start, Math.max(0, end - start)), end)),
  };
}
