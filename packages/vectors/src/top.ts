/** A scored row; a smaller rank is better. */
export interface Ranked {
  row: number;
  rank: number;
}

/**
 * The best `capacity` rows of a stream: a binary heap of fixed size with the worst of them at its root, so that a row
 * which cannot enter costs one comparison. O(log capacity) for one that does. Rows of the same rank are told apart by
 * `isBefore`, so the answer does not depend on the order of the stream.
 */
export class TopRows {
  readonly #capacity: number;
  readonly #isBefore: (a: number, b: number) => boolean;
  readonly #heap: Ranked[] = [];

  constructor(capacity: number, isBefore: (a: number, b: number) => boolean) {
    this.#capacity = capacity;
    this.#isBefore = isBefore;
  }

  offer(row: number, rank: number): void {
    if (this.#heap.length < this.#capacity) {
      this.#heap.push({ row, rank });
      this.#siftUp(this.#heap.length - 1);
      return;
    }
    const worst = this.#heap[0];
    if (worst === undefined || rank > worst.rank) return;
    if (rank === worst.rank && !this.#isBefore(row, worst.row)) return;
    worst.row = row;
    worst.rank = rank;
    this.#siftDown();
  }

  /** Best first. */
  sorted(): Ranked[] {
    return [...this.#heap].sort((a, b) => (this.#isWorse(a, b) ? 1 : -1));
  }

  #isWorse(a: Ranked, b: Ranked): boolean {
    return a.rank === b.rank ? this.#isBefore(b.row, a.row) : a.rank > b.rank;
  }

  #siftUp(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfWorse(index, parent)) return;
      index = parent;
    }
  }

  #siftDown(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const leftChild = this.#heap[left];
      if (leftChild === undefined) return;
      const rightChild = this.#heap[right];
      const worse = rightChild !== undefined && this.#isWorse(rightChild, leftChild) ? right : left;
      if (!this.#swapIfWorse(worse, index)) return;
      index = worse;
    }
  }

  /** Moves the entry at `child` above the one at `parent` when it is worse. */
  #swapIfWorse(child: number, parent: number): boolean {
    const lower = this.#heap[child];
    const upper = this.#heap[parent];
    if (lower === undefined || upper === undefined || !this.#isWorse(lower, upper)) return false;
    this.#heap[child] = upper;
    this.#heap[parent] = lower;
    return true;
  }
}
