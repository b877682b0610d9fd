/** Files that keep to no line end here; the last try is the smallest file, if none has fitted. */
export const mostTries = 8;

/** Of the bytes that may be: who looks for more of them gains a quality that nobody sees. */
const enough = 0.97;
/**
 * How much smaller a file is at quality 0 than at the one that was asked for: e^-2.7. Noise in JPEG takes 0.76
 * bytes a pixel at 85 and 0.05 at 1. Between, the logarithm of the bytes is taken for a line in the quality.
 */
const logOfSmallest = -2.7;
/** As often the line is followed; from then on the rest is halved. */
const followed = 3;

/**
 * A quality whose file has at most so many bytes and nearly as many, or no better neighbour, in at most eight tries: as
 * asked, then along a line through what is known, then by halving. When even quality 1 is larger, that. `make` gets
 * 1..`quality`.
 */
export function withinBytes(
  { maxBytes, quality }: { maxBytes: number; quality: number },
  make: (quality: number) => Uint8Array,
): Uint8Array {
  const asked = make(quality);
  if (asked.length <= maxBytes) return asked;
  let low = { quality: 0, log: Math.log(asked.length) + logOfSmallest };
  let high = { quality, log: Math.log(asked.length) };
  let fitting: Uint8Array | undefined;
  let smallest = asked;
  for (let tried = 1; tried < mostTries && high.quality - low.quality > 1; tried++) {
    const share = tried <= followed ? (Math.log(maxBytes) - low.log) / (high.log - low.log) : 0.5;
    const guess = Math.floor(low.quality + share * (high.quality - low.quality));
    const isLastChance = tried === mostTries - 1 && !fitting;
    const next = isLastChance ? 1 : Math.min(high.quality - 1, Math.max(low.quality + 1, guess || 1));
    const made = make(next);
    if (made.length < smallest.length) smallest = made;
    const point = { quality: next, log: Math.log(Math.max(1, made.length)) };
    if (made.length > maxBytes) {
      high = point;
      continue;
    }
    fitting = made;
    if (made.length >= enough * maxBytes) return made;
    low = point;
  }
  return fitting ?? smallest;
}
