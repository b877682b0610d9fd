/** Numbers in [0, 1) that are the same for the same seed: clusterings and tests must be repeatable (Park & Miller 1988). */
export function seededSequence(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
