/** Once as asked, and 99 qualities halve to one in seven steps. */
export const mostTries = 8;

/**
 * The best quality whose file has at most so many bytes, in at most eight tries: once as asked, then by halving. When
 * even quality 1 is larger, that. `make` gets 1..`quality`.
 */
export async function withinBytes(
  { maxBytes, quality }: { maxBytes: number; quality: number },
  make: (quality: number) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const asked = await make(quality);
  if (asked.length <= maxBytes) return asked;
  let low = 1;
  let high = quality - 1;
  let fitting: Uint8Array | undefined;
  let smallest = asked;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const made = await make(middle);
    if (made.length < smallest.length) smallest = made;
    if (made.length <= maxBytes) {
      fitting = made;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return fitting ?? smallest;
}
