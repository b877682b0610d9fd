/** JPEG into the canvas. Always plane by plane: what the planes mean is settled on the small picture. */

import { openPlane } from "./canvas-planes.ts";
import { PackError } from "./failure.ts";
import { type Feed, type Steps, windowBytes } from "./feed.ts";
import { type Header, meanings, readHeader } from "./header.ts";
import type { PackInstance } from "./instance.ts";
import { jpegPlanes } from "./jpeg-scale.ts";
import type { Reading } from "./reading.ts";

/** Whole-file windows of arithmetic JPEGs double from the ordinary size on. */
const wideningFactor = 2;

export function* readJpegHeader(instance: PackInstance, feed: Feed): Steps<Header> {
  const { exports } = instance;
  exports.jpeg_open(windowBytes);
  yield* pump(instance, feed, () => exports.jpeg_header());
  const header = readHeader(instance);
  if (!Object.values<number>(meanings).includes(header.colour)) {
    throw new PackError("unsupported", `a JPEG of ${header.components} components that no one says the meaning of`);
  }
  return header;
}

/** Leaves one canvas plane a component, or of RGB where the route says so, chroma at `divisor`. */
export function* readJpegPlanes(instance: PackInstance, feed: Feed, reading: Reading): Steps<void> {
  const { probe, header, target, route } = reading;
  const { divisor, isRgb, ranges, staysPlanar } = route;
  const { exports } = instance;
  const hasChroma = !isRgb && (header.colour === meanings.ycc || header.colour === meanings.ycck);
  const samplings = isRgb ? header.samplings.map(() => ({ h: 1, v: 1 })) : header.samplings;
  const sizes = jpegPlanes({ ...header, samplings, hasChroma }, { ...target, divisor });
  sizes.forEach(({ size, densityX, densityY }, i) => {
    openPlane(
      instance,
      i,
      {
        densityX,
        densityY,
        size,
        channels: 1,
        premultiply: false,
        isLikeSharp: !staysPlanar && !hasChroma,
        range: ranges[i] ?? { gain: 1, offset: 0 },
      },
      { ...target, divisor: i === 1 || i === 2 ? divisor : 1 },
    );
  });
  const [s0 = 8, s1 = 8, s2 = 8, s3 = 8] = sizes.map(({ eighth }) => eighth);
  if (isRgb) exports.jpeg_start_rgb(s0);
  else exports.jpeg_start(s0, s0, s1, s2, s3);
  if (probe.coding === "arithmetic") yield* readAll(instance, feed);
  yield* pump(instance, feed, () => exports.jpeg_pump());
  const { rowsRead } = readHeader(instance);
  exports.jpeg_close();
  if (rowsRead === 0 && probe.coding !== "progressive")
    throw new PackError("truncated", "the file ends before its first row");
}

/** Feeds the decoder until it says that it is done. */
function* pump(instance: PackInstance, feed: Feed, step: () => number): Steps<void> {
  const { exports } = instance;
  while (step() === 0) {
    const at = exports.jpeg_room();
    const room = exports.jpeg_room_size();
    if (room === 0) throw new PackError("damaged", "the decoder asks for more than its window without using any of it");
    const piece = yield* feed.take(room);
    instance.bytes(at, piece.length).set(piece);
    exports.jpeg_feed(piece.length, piece.length === 0 ? 1 : 0);
  }
}

function* readAll(instance: PackInstance, feed: Feed): Steps<void> {
  const { exports } = instance;
  let size = windowBytes;
  for (;;) {
    const at = exports.jpeg_room();
    const room = exports.jpeg_room_size();
    if (room === 0) {
      size *= wideningFactor;
      exports.jpeg_widen(size);
      continue;
    }
    const piece = yield* feed.take(room);
    instance.bytes(at, piece.length).set(piece);
    exports.jpeg_feed(piece.length, piece.length === 0 ? 1 : 0);
    if (piece.length === 0) return;
  }
}
