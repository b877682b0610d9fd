/** PNG into the canvas, as it comes. */
import { PackError } from "./failure.ts";
import { type Feed, type Steps, windowBytes } from "./feed.ts";
import { type Header, readHeader } from "./header.ts";
import type { PackInstance } from "./instance.ts";
import { openRgba } from "./read-whole.ts";
import type { Reading } from "./reading.ts";

/** What png_state() says. */
const states = { needsHeader: 0, hasHeader: 1, isDone: 2 } as const;

/** The window in the module's memory, and what of it libpng has not seen yet: it stops behind the header. */
export interface PngWindow {
  at: number;
  rest: Uint8Array;
}

export function* readPngHeader(instance: PackInstance, feed: Feed): Steps<{ header: Header; window: PngWindow }> {
  const { exports } = instance;
  exports.png_open();
  const at = exports.alloc(windowBytes);
  for (;;) {
    const piece = yield* feed.take(windowBytes);
    if (piece.length === 0) throw new PackError("truncated", "the file ends within its header");
    instance.bytes(at, piece.length).set(piece);
    const used = exports.png_feed(at, piece.length);
    if (exports.png_state() !== states.needsHeader) {
      return { header: readHeader(instance), window: { at, rest: piece.subarray(used) } };
    }
  }
}

export function* readPng(instance: PackInstance, feed: Feed, reading: Reading, window: PngWindow): Steps<void> {
  const { exports } = instance;
  openRgba(instance, reading);
  let piece = window.rest;
  while (exports.png_state() !== states.isDone) {
    if (piece.length === 0) piece = yield* feed.take(windowBytes);
    if (piece.length === 0) break;
    instance.bytes(window.at, piece.length).set(piece);
    exports.png_feed(window.at, piece.length);
    piece = piece.subarray(piece.length);
  }
  exports.png_finish();
  exports.png_close();
}
