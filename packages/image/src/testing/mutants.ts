/** Broken copies of files, the same ones in every run. */

/** Numerical Recipes' generator: the same mutants on every machine. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Bytes changed, bits flipped, parts copied over others, mostly in the header, and one in five cut off. */
export function mutate(original: Uint8Array, random: (below: number) => number): Uint8Array {
  const mutant = original.slice();
  const reach = random(2) ? mutant.length : Math.min(700, mutant.length);
  for (let left = 1 + random(8); left > 0; left--) {
    const at = random(reach);
    const kind = random(3);
    if (kind === 0) mutant[at] = random(256);
    else if (kind === 1) mutant[at] = (mutant[at] ?? 0) ^ (1 << random(8));
    else mutant.copyWithin(at, random(mutant.length), random(mutant.length));
  }
  return random(5) === 0 ? mutant.subarray(0, random(mutant.length)) : mutant;
}
