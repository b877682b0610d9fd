/**
 * Buckets of users. MurmurHash3 (x86, 32 bits; Austin Appleby, public domain) and not the FNV-1a of our ids: the lowest
 * bits of FNV under one salt decide those under another, so that layers would not be independent of each other.
 */

export const bucketCount = 10_000;

/** 0 to 9,999: the same for the same salt and id, everywhere and always. 2³² mod 10,000 favours none by over 3·10⁻⁶. */
export function bucketOf(salt: string, id: string): number {
  return murmur3(`${salt}\n${id}`) % bucketCount;
}

/** Of text in ASCII; of other characters the lower eight bits count. */
export function murmur3(text: string, seed = 0): number {
  let hash = seed;
  const blocks = text.length & ~3;
  for (let i = 0; i < blocks; i += 4) {
    hash ^= scrambled(
      byteAt(text, i) | (byteAt(text, i + 1) << 8) | (byteAt(text, i + 2) << 16) | (byteAt(text, i + 3) << 24),
    );
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = text.length - 1; i >= blocks; i--) tail = (tail << 8) | byteAt(text, i);
  hash ^= scrambled(tail) ^ text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scrambled(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function byteAt(text: string, i: number): number {
  return text.charCodeAt(i) & 0xff;
}
