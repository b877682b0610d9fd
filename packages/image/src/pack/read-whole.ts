/** WebP and GIF into the canvas. Their decoders need the whole file, which is small beside what it holds. */
import { openPlane } from "./canvas-planes.ts";
import type { Feed, Steps } from "./feed.ts";
import { type Header, readHeader } from "./header.ts";
import type { PackInstance } from "./instance.ts";
import type { Reading } from "./reading.ts";

export function* readWebpHeader(instance: PackInstance, feed: Feed, fileBytes: number): Steps<Header> {
  yield* readFile(instance, feed, fileBytes);
  instance.exports.webp_header();
  return readHeader(instance);
}

export function readWebp(instance: PackInstance, reading: Reading): void {
  const { header, target, route } = reading;
  if (route.isPlanar) {
    const half = { width: Math.ceil(header.width / 2), height: Math.ceil(header.height / 2) };
    [header, half, half].forEach((size, i) => {
      const density = i === 0 ? 1 : 0.5;
      openPlane(
        instance,
        i,
        {
          densityX: density,
          densityY: density,
          size,
          channels: 1,
          premultiply: false,
          isLikeSharp: false,
          range: route.ranges[i] ?? { gain: 1, offset: 0 },
        },
        { ...target, divisor: i === 0 ? 1 : route.divisor },
      );
    });
  } else {
    openRgba(instance, reading);
  }
  instance.exports.webp_decode(Number(route.isPlanar));
  instance.exports.input_close();
}

export function* readGifHeader(instance: PackInstance, feed: Feed, fileBytes: number): Steps<Header> {
  yield* readFile(instance, feed, fileBytes);
  instance.exports.gif_header();
  return readHeader(instance);
}

export function readGif(instance: PackInstance, reading: Reading): void {
  openRgba(instance, reading);
  instance.exports.gif_decode();
  instance.exports.input_close();
}

/** One interleaved plane, premultiplied where there is alpha: else colours of invisible pixels would bleed in. */
export function openRgba(instance: PackInstance, { header, target }: Reading): void {
  openPlane(
    instance,
    0,
    {
      densityX: 1,
      densityY: 1,
      size: header,
      channels: 4,
      premultiply: header.hasAlpha,
      isLikeSharp: false,
      range: { gain: 1, offset: 0 },
    },
    { ...target, divisor: 1 },
  );
}

/** `fileBytes` is what the file is said to have; a longer one is read all the same. */
function* readFile(instance: PackInstance, feed: Feed, fileBytes: number): Steps<void> {
  let size = Math.max(1, fileBytes);
  let at = instance.exports.input(size);
  let read = 0;
  for (;;) {
    const piece = yield* feed.take(Number.MAX_SAFE_INTEGER);
    if (piece.length === 0) break;
    if (read + piece.length > size) {
      size = Math.max(read + piece.length, size * 2);
      at = instance.exports.input_grow(size);
    }
    instance.bytes(at + read, piece.length).set(piece);
    read += piece.length;
  }
  instance.exports.input_end(read);
}
