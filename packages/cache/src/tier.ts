/** One level of cache. Tiers are ordered nearest first; what a nearer one lacks, the next is asked for. */
export interface Tier<V> {
  /** As `Server-Timing` names it. */
  readonly name: string;
  /** The entry as it was put, or undefined. May forget at any time; never answers another key's entry. */
  get(key: string): Promise<Entry<V> | undefined>;
  /** The last one put wins. */
  put(key: string, entry: Entry<V>): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface Entry<V> {
  value: V;
  /** Milliseconds since 1970 when the value was made: its age is the same in every tier. */
  madeAt: number;
}
