/** The frames of an animation, from the structure of its file alone: nothing is decoded. */
import type { Region } from "../geometry.ts";
import { pictureLimits } from "../limits.ts";
import { listGifFrames } from "./gif-frames.ts";
import type { StoredPicture } from "./picture.ts";
import { listWebpFrames } from "./webp-frames.ts";

/** One frame: the part of the canvas that it covers, which in a GIF may reach beyond it. */
export interface AnimationFrame extends Region {
  /** Milliseconds, as written; browsers show what has 10 and less for 100. */
  duration: number;
  /** What becomes of its part before the next frame: it stays, becomes transparent, or what was there before. */
  disposal: "keep" | "clear" | "restore";
  /** Whether it lies over what is there, or takes its place. */
  blends: boolean;
  /** Where in the file its blocks or chunks begin, and how many bytes they have. */
  at: number;
  bytes: number;
}

export interface Animation {
  /** Two and more; of more than `maxAnimationFrames`, one beyond them. */
  frames: AnimationFrame[];
  /** How often it is played; 0 is for ever. */
  loops: number;
}

/**
 * The frames of a whole file; undefined when it has no two. One that is cut off is left out, as are those behind what
 * cannot be read. O(blocks), and no more than `maxAnimationFrames` + 1 frames are listed.
 */
export function listFrames(
  bytes: Uint8Array,
  { format, width, height, isAnimated }: StoredPicture,
): Animation | undefined {
  if (!isAnimated || (format !== "gif" && format !== "webp")) return undefined;
  const list = format === "gif" ? listGifFrames : listWebpFrames;
  const animation = list(bytes, pictureLimits.maxAnimationFrames + 1);
  const isWithin = ({ left, top, ...frame }: Region) => left + frame.width <= width && top + frame.height <= height;
  // WebP's decoders refuse such a file; a GIF's frame is cut off at the canvas.
  if (format === "webp" && !animation.frames.every(isWithin)) return undefined;
  return animation.frames.length > 1 ? animation : undefined;
}
