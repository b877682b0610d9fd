/**
 * One step from each of a user's pins to its neighbours, added up: some ten thousand additions for 25 pins, which is most
 * of what making a user embedding computes. So positions are found in typed arrays with open addressing, not in a Map.
 */
export class Walk {
  /** Place in `#items` plus one, by hash of the item; 0 where nobody is. A power of two, at most half full. */
  #places = new Uint32Array(2_048);
  /** In the order of finding. */
  #items = new Uint32Array(1_024);
  #weights = new Float64Array(1_024);
  #count = 0;
  #total = 0;

  /** `weight` of the neighbour times that of the action that leads to it. */
  add(item: number, weight: number): void {
    const slot = this.#slotOf(item);
    const place = this.#places[slot] ?? 0;
    this.#total += weight;
    if (place > 0) {
      this.#weights[place - 1] = (this.#weights[place - 1] ?? 0) + weight;
      return;
    }
    this.#items[this.#count] = item;
    this.#weights[this.#count] = weight;
    this.#places[slot] = ++this.#count;
    if (this.#count === this.#items.length) this.#grow();
  }

  get total(): number {
    return this.#total;
  }

  /** 0..1; all shares sum to 1. */
  share(item: number): number {
    const place = this.#places[this.#slotOf(item)] ?? 0;
    return place > 0 && this.#total > 0 ? (this.#weights[place - 1] ?? 0) / this.#total : 0;
  }

  /** What was found, with its share, in the order of finding. */
  *shares(): IterableIterator<[item: number, share: number]> {
    for (let i = 0; i < this.#count; i++) yield [this.#items[i] ?? 0, (this.#weights[i] ?? 0) / this.#total];
  }

  /** The `limit` greatest shares, greatest first; of equal ones that of the smaller item. */
  strongest(limit: number): Map<number, number> {
    const weights = this.#weights.subarray(0, this.#count);
    // Numbers alone are sorted ten times faster than entries, and only those that stay become entries.
    const least = this.#count > limit ? (weights.toSorted()[this.#count - limit] ?? 0) : Number.NEGATIVE_INFINITY;
    const found: [item: number, weight: number][] = [];
    weights.forEach((weight, i) => {
      if (weight >= least) found.push([this.#items[i] ?? 0, weight]);
    });
    found.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return new Map(found.slice(0, limit).map(([item, weight]) => [item, weight / this.#total]));
  }

  /** Where the item is or would be. */
  #slotOf(item: number): number {
    const mask = this.#places.length - 1;
    // Multiplied by 2³² over the golden ratio: neighbouring positions lie apart.
    let slot = (Math.imul(item, 0x9e3779b1) >>> 7) & mask;
    for (;;) {
      const place = this.#places[slot] ?? 0;
      if (place === 0 || this.#items[place - 1] === item) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const [items, weights] = [this.#items, this.#weights];
    this.#items = new Uint32Array(items.length * 2);
    this.#items.set(items);
    this.#weights = new Float64Array(items.length * 2);
    this.#weights.set(weights);
    this.#places = new Uint32Array(items.length * 4);
    for (let i = 0; i < this.#count; i++) this.#places[this.#slotOf(items[i] ?? 0)] = i + 1;
  }
}
