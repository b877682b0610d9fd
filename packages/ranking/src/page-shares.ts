/**
 * The guard against feedback loops: what is shown much is saved much, and what is saved much is shown more. A region's
 * store counts which pins its pages show in the hour and names those that are on too many of them; feeds hold them back.
 *
 * Of millions of pins only the frequent matter: beyond twice `maxPlaces` pins, the rarer half is forgotten. What is on a
 * quarter of the pages is never among it.
 */
import type { PinId, ShownPages } from "@vitrine/contracts";

/** No pin should be on more of a region's pages of an hour: what every fourth page shows is nobody's own. */
export const maxPageShare = 0.25;
/** Below this many pages in the hour a share is chance, and a small region shows its few pins often. */
export const minPagesToGuard = 1_000;
/** A catalogue that fits on a few pages has all pins on many: too much is twice what an even spread would give. */
const minTimesEven = 2;
/** A page shows up to 100 pins, so at most 400 can be on a quarter of the pages. Twice as many as here: 200 KB. */
const maxPlaces = 2_000;
/** What a feed can hold back and still fill a page. */
const maxNamed = 100;

const hourMillis = 3_600_000;

/** Counts of one region and hour, in memory: lost with the object, they are there again within minutes. */
export class PageShares {
  #counts = new Map<PinId, number>();
  #hour = 0;
  #pages = 0;
  #showings = 0;
  /** Asked for with every page, made anew after reports alone. */
  #overexposed: PinId[] | null = null;

  /** Adds what an isolate's pages showed; the first report of another hour forgets the hour before. `now` in milliseconds. */
  add({ pages, pins }: ShownPages, now: number): void {
    this.#turn(now);
    this.#overexposed = null;
    this.#pages += pages;
    for (const [pinId, count] of pins) {
      this.#showings += count;
      this.#counts.set(pinId, (this.#counts.get(pinId) ?? 0) + count);
    }
    if (this.#counts.size > 2 * maxPlaces) this.#counts = new Map(mostFirst(this.#counts).slice(0, maxPlaces));
  }

  /** The pins that are on too many of the hour's pages, worst first. */
  overexposed(now: number): PinId[] {
    this.#turn(now);
    this.#overexposed ??= this.#judge();
    return this.#overexposed;
  }

  #judge(): PinId[] {
    if (this.#pages < minPagesToGuard || this.#counts.size === 0) return [];
    const most = Math.max(maxPageShare * this.#pages, (minTimesEven * this.#showings) / this.#counts.size);
    const over = mostFirst(this.#counts).filter(([, count]) => count > most);
    return over.slice(0, maxNamed).map(([pinId]) => pinId);
  }

  #turn(now: number): void {
    const hour = Math.floor(now / hourMillis);
    if (hour === this.#hour) return;
    this.#hour = hour;
    this.#pages = 0;
    this.#showings = 0;
    this.#counts.clear();
    this.#overexposed = null;
  }
}

function mostFirst(counts: ReadonlyMap<PinId, number>): [PinId, number][] {
  return [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}
