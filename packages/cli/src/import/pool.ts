/**
 * Runs `work` on every item, at most `width` at a time, in order of the items. The first error stops it: what runs
 * ends, nothing new begins, and the error is thrown.
 */
export async function eachOf<T>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let isStopped = false;
  const lanes = Array.from({ length: width }, async () => {
    while (!isStopped) {
      try {
        const next = await iterator.next();
        if (next.done || isStopped) return;
        await work(next.value);
      } catch (error) {
        isStopped = true;
        throw error;
      }
    }
  });
  const outcomes = await Promise.allSettled(lanes);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}
