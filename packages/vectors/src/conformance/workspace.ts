import { vi } from "vitest";
import { vectorLimits } from "../limits.ts";
import type { VectorIndex, VectorMetric, VectorRecord } from "../port.ts";

export interface WorkspaceOptions {
  dimensions: number;
  metric: VectorMetric;
  timeoutMillis: number;
  pollMillis: number;
}

/** The suite's corner of an index: ids and namespaces of its own, awaited writes, and everything removed at the end. */
export class Workspace {
  readonly dimensions: number;
  readonly metric: VectorMetric;
  readonly #run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  readonly #polling: { timeout: number; interval: number };
  readonly #written = new Set<string>();
  #index: VectorIndex | undefined;
  #names = 0;

  constructor({ dimensions, metric, timeoutMillis, pollMillis }: WorkspaceOptions) {
    this.dimensions = dimensions;
    this.metric = metric;
    this.#polling = { timeout: timeoutMillis, interval: pollMillis };
  }

  get index(): VectorIndex {
    if (this.#index === undefined) throw new Error("the index is there from the first test on");
    return this.#index;
  }

  open(index: VectorIndex): void {
    this.#index = index;
  }

  /** A name that nothing else in the index has, for ids and namespaces; it begins the same way for one prefix. */
  unique(prefix: string): string {
    this.#names++;
    return `${prefix}-${this.#run}-${this.#names}`;
  }

  /** A vector with the given first components and zeros behind them. */
  vector(...components: number[]): number[] {
    return Array.from({ length: this.dimensions }, (_, i) => components[i] ?? 0);
  }

  async insert(vectors: VectorRecord[]): Promise<string> {
    return await this.#processed(vectors, this.index.insert(vectors));
  }

  async upsert(vectors: VectorRecord[]): Promise<string> {
    return await this.#processed(vectors, this.index.upsert(vectors));
  }

  async delete(ids: string[]): Promise<string> {
    return await this.#processed([], this.index.deleteByIds(ids));
  }

  async clear(): Promise<void> {
    const ids = [...this.#written];
    for (let start = 0; start < ids.length; start += vectorLimits.maxIdsPerDelete) {
      await this.index.deleteByIds(ids.slice(start, start + vectorLimits.maxIdsPerDelete));
    }
  }

  /** Answers the mutation's id when the index has processed it. */
  async #processed(vectors: VectorRecord[], mutation: Promise<{ mutationId: string }>): Promise<string> {
    const { mutationId } = await mutation;
    for (const { id } of vectors) this.#written.add(id);
    await vi.waitFor(async () => {
      const { processedUpToMutation } = await this.index.describe();
      if (processedUpToMutation !== mutationId) throw new Error(`mutation ${mutationId} is not processed yet`);
    }, this.#polling);
    return mutationId;
  }
}

/** What a call was refused with; fails when it was not refused. */
export async function refusalOf(call: () => Promise<unknown>): Promise<Error> {
  try {
    await call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("expected the call to be refused");
}
