/** The canvas of an animation, frame after frame: what each leaves behind, and what lies over what. */
import type { Region, Size } from "../geometry.ts";
import type { Animation, AnimationFrame } from "../probe/animation.ts";
import type { PictureProbe } from "../probe/picture.ts";
import type { PackInstance } from "./instance.ts";
import { swapIf, turns } from "./orientation.ts";

export interface ComposedFrame {
  /** Where the canvas lies in the module's memory: RGBA, not premultiplied, without padding. */
  composed: number;
  /** Milliseconds. */
  duration: number;
}

/** Every frame in its turn, on one canvas that begins transparent. The file has to be opened before. */
export function* composeFrames(
  instance: PackInstance,
  { probe, animation }: { probe: PictureProbe; animation: Animation },
): Generator<ComposedFrame> {
  const { exports } = instance;
  const size = swapIf(turns[probe.orientation].swapsAxes, probe);
  const composed = exports.compose_open(size.width, size.height);
  for (const frame of animation.frames) {
    const part = partWithin(frame, size);
    const canvas = { at: composed, width: size.width };
    const before = frame.disposal === "restore" ? copyPart(instance, canvas, part) : undefined;
    exports.compose_blend(Number(frame.blends));
    decodeFrame(instance, frame, probe);
    yield { composed, duration: frame.duration };
    if (before) pastePart(instance, canvas, { part, rows: before });
    if (frame.disposal === "clear") pastePart(instance, canvas, { part, rows: undefined });
  }
}

function decodeFrame({ exports }: PackInstance, frame: AnimationFrame, { format }: PictureProbe): void {
  const { at, bytes, left, top, width, height } = frame;
  if (format === "gif") {
    exports.gif_frame(at);
    exports.gif_decode();
  } else {
    exports.webp_frame(at, bytes, left, top, width, height);
    exports.webp_decode(0);
  }
}

/** Where a frame may be seen: one of a GIF may reach beyond the canvas. */
function partWithin(frame: Region, canvas: Size): Region {
  const left = Math.min(frame.left, canvas.width);
  const top = Math.min(frame.top, canvas.height);
  const width = Math.min(frame.width, canvas.width - left);
  return { left, top, width, height: Math.min(frame.height, canvas.height - top) };
}

interface Canvas {
  at: number;
  width: number;
}

function rowsOf(instance: PackInstance, canvas: Canvas, part: Region): Uint8Array[] {
  const row = (y: number) =>
    instance.bytes(canvas.at + 4 * ((part.top + y) * canvas.width + part.left), 4 * part.width);
  return Array.from({ length: part.height }, (_, y) => row(y));
}

function copyPart(instance: PackInstance, canvas: Canvas, part: Region): Uint8Array[] {
  return rowsOf(instance, canvas, part).map((row) => row.slice());
}

/** Transparent where there are no rows. */
function pastePart(
  instance: PackInstance,
  canvas: Canvas,
  { part, rows }: { part: Region; rows: readonly Uint8Array[] | undefined },
): void {
  rowsOf(instance, canvas, part).forEach((row, y) => {
    const before = rows?.[y];
    if (before) row.set(before);
    else row.fill(0);
  });
}
