import { WorkerEntrypoint } from "cloudflare:workers";
import type {
  IndexDetails,
  QueryOptions,
  VectorIndex,
  VectorMatches,
  VectorRecord,
  VectorValues,
} from "@vitrine/vectors";
import { definitionOf, type IndexDefinition, type IndexProps } from "../definitions.ts";
import { parseId, parseIds, parseQueryOptions, parseQueryVector, parseVectors } from "../requests.ts";
import type { IndexStore, Mutation } from "./index-store.ts";

interface Bindings {
  INDEX: DurableObjectNamespace<IndexStore>;
}

/**
 * The Vectorize binding, as a service binding gives it: `entrypoint = "VectorizeIndex"`, `props = { index = "visual" }`.
 *
 * What is documented is kept to the letter: limits, batches, filters, scores, asynchronous mutations, and errors that
 * read `VECTOR_QUERY_ERROR (code = 40006): …` with a cause. Messages and causes pass through RPC unchanged, and values
 * may be Float32Arrays. What is not documented is decided for the strict side, so that what runs here runs there:
 * - a filter by a property without a metadata index, and `queryById` of an id that is not (yet) there, are errors;
 * - a vector that lacks a property meets no condition on it, `$ne` and `$nin` included;
 * - a string longer than 64 bytes is filtered by its first 64, and a longer operand is not cut, so equals nothing;
 * - empty batches, unknown fields, nulls in metadata and a third level of metadata are refused.
 *
 * Different from production: scores are always exact, order among equal scores is by id, there is no rate limit (40041),
 * and nobody else's load.
 */
export class VectorizeIndex extends WorkerEntrypoint<Bindings, IndexProps> implements VectorIndex {
  async describe(): Promise<IndexDetails> {
    return ownValue(await this.#store.describe(this.#definition));
  }

  async query(vector: VectorValues, options?: QueryOptions): Promise<VectorMatches> {
    const target = { vector: parseQueryVector(vector, this.#definition) };
    return ownValue(await this.#store.search(this.#definition, target, parseQueryOptions(options, this.#definition)));
  }

  async queryById(id: string, options?: QueryOptions): Promise<VectorMatches> {
    const target = { id: parseId("VECTOR_QUERY", id) };
    return ownValue(await this.#store.search(this.#definition, target, parseQueryOptions(options, this.#definition)));
  }

  async insert(vectors: VectorRecord[]): Promise<{ mutationId: string }> {
    return await this.#mutate({ kind: "insert", vectors: parseVectors("VECTOR_INSERT", vectors, this.#definition) });
  }

  async upsert(vectors: VectorRecord[]): Promise<{ mutationId: string }> {
    return await this.#mutate({ kind: "upsert", vectors: parseVectors("VECTOR_UPSERT", vectors, this.#definition) });
  }

  async deleteByIds(ids: string[]): Promise<{ mutationId: string }> {
    return await this.#mutate({ kind: "delete", ids: parseIds("VECTOR_DELETE", ids) });
  }

  async getByIds(ids: string[]): Promise<VectorRecord[]> {
    // Copied for the same reason as in `ownValue`.
    return [...(await this.#store.read(this.#definition, parseIds("VECTOR_GET", ids)))];
  }

  async #mutate(mutation: Mutation): Promise<{ mutationId: string }> {
    return ownValue(await this.#store.mutate(this.#definition, mutation, this.ctx.props.visibilityDelayMillis ?? 0));
  }

  get #definition(): IndexDefinition {
    return definitionOf(this.ctx.props);
  }

  get #store(): DurableObjectStub<IndexStore> {
    return this.env.INDEX.get(this.env.INDEX.idFromName(this.ctx.props.index));
  }
}

/**
 * The answer of another object without the disposer that every RPC result carries. Passed on with it, the result would
 * oblige our caller to dispose of it too; one that is left to the garbage collector ends the local runtime when its
 * warning is written in the middle of a collection (github.com/cloudflare/workerd/issues/6842).
 */
function ownValue<T extends object>(result: T): T {
  return Object.fromEntries(Object.entries(result)) as T;
}
