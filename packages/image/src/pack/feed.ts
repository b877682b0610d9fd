/** Where bytes come from: a file in memory, or a stream in pieces. Steps that need bytes yield, and go on with a piece. */

/** A generator that yields when it needs the next piece and gets `undefined` at the end of the file. */
export type Steps<T> = Generator<void, T, Uint8Array | undefined>;

/** Memory for reading ahead: large enough for libjpeg's fast path to run long, small beside any picture. */
export const windowBytes = 131_072;

/** Pieces of a file, cut and kept until they fit into the module's window. */
export class Feed {
  private rest: Uint8Array = new Uint8Array(0);
  private hasEnded = false;
  /** Bytes taken so far. */
  taken = 0;

  get isAtEnd(): boolean {
    return this.hasEnded && this.rest.length === 0;
  }

  /** At most `most` bytes; empty only at the end of the file. */
  *take(most: number): Steps<Uint8Array> {
    while (this.rest.length === 0 && !this.hasEnded) {
      const piece = yield;
      if (piece === undefined) this.hasEnded = true;
      else this.rest = piece;
    }
    const taken = this.rest.subarray(0, most);
    this.rest = this.rest.subarray(taken.length);
    this.taken += taken.length;
    return taken;
  }
}

export function runSync<T>(steps: Steps<T>, bytes: Uint8Array): T {
  let next = steps.next();
  let piece: Uint8Array | undefined = bytes;
  while (!next.done) {
    next = steps.next(piece);
    piece = undefined;
  }
  return next.value;
}

export async function runAsync<T>(steps: Steps<T>, pieces: AsyncIterable<Uint8Array>): Promise<T> {
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    let next = steps.next();
    while (!next.done) {
      let result: IteratorResult<Uint8Array>;
      try {
        result = await iterator.next();
      } catch (error) {
        next = steps.throw(error);
        continue;
      }
      next = steps.next(result.done ? undefined : result.value);
    }
    return next.value;
  } finally {
    await iterator.return?.();
  }
}
