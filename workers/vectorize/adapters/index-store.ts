/**
 * One index: a SQLite Durable Object that keeps every vector on disk and the searchable part of it in memory.
 *
 * A mutation is accepted by writing it to a log and is seen when its time has come, always in the order of acceptance.
 * Due mutations are applied at the next call, whatever it is: nobody can see that they were not applied earlier, and no
 * alarm is needed. Acceptance and application are one transaction each, so a process that dies in the middle of a batch
 * leaves either all of it or nothing; the answer leaves the object only after the write is durable (output gate).
 *
 * Memory is loaded once, at the first call. It changes inside the transaction, and is thrown away and loaded again when
 * that fails. 100,000 vectors of 128 dimensions take 70 MB for their values and half a second to load.
 */
import { DurableObject } from "cloudflare:workers";
import { type IndexDetails, type VectorMatches, type VectorRecord, vectorError } from "@vitrine/vectors";
import type { IndexDefinition } from "../definitions.ts";
import { MemoryIndex } from "../memory-index.ts";
import type { QueryPlan, StoredVector } from "../requests.ts";
import {
  appendMutation,
  createTables,
  markProcessed,
  nextDueMutation,
  type PendingMutation,
  readChangedVectors,
  readDeletedIds,
  readMetadata,
  readProcessed,
  readVector,
  readVectors,
  removeVector,
  requireSameDefinition,
  writeVector,
} from "./index-tables.ts";

export type Mutation = { kind: "insert" | "upsert"; vectors: StoredVector[] } | { kind: "delete"; ids: string[] };

export class IndexStore extends DurableObject {
  #memory: MemoryIndex | undefined;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    createTables(ctx.storage.sql);
  }

  describe(definition: IndexDefinition): IndexDetails {
    const { size } = this.#visible(definition);
    return { vectorCount: size, dimensions: definition.dimensions, ...readProcessed(this.ctx.storage.sql) };
  }

  mutate(definition: IndexDefinition, mutation: Mutation, visibilityDelayMillis: number): { mutationId: string } {
    const memory = this.#visible(definition);
    if (mutation.kind !== "delete") {
      memory.requireRoom(mutation.kind === "insert" ? "VECTOR_INSERT" : "VECTOR_UPSERT", mutation.vectors);
    }
    const mutationId = crypto.randomUUID();
    const accepted = { id: mutationId, kind: mutation.kind, visibleAt: Date.now() + visibilityDelayMillis };
    this.#transaction(() => {
      appendMutation(this.ctx.storage.sql, accepted, mutation.kind === "delete" ? mutation.ids : mutation.vectors);
      this.#applyDue(memory);
    });
    return { mutationId };
  }

  /** Throws an error of VECTOR_QUERY without a code when there is no vector of the given id. */
  search(
    definition: IndexDefinition,
    target: { vector: Float32Array } | { id: string },
    plan: QueryPlan,
  ): VectorMatches {
    const memory = this.#visible(definition);
    const vector = "vector" in target ? target.vector : memory.values(target.id);
    if (vector === undefined) throw vectorError("VECTOR_QUERY", "there is no vector with the given id");
    const matches = memory.search(vector, plan).map(({ id, score, label }) => {
      const metadata = plan.returnMetadata === "all" ? readMetadata(this.ctx.storage.sql, id) : label.indexed;
      return {
        id,
        score,
        ...(label.namespace === null ? {} : { namespace: label.namespace }),
        ...(plan.returnValues ? { values: Array.from(memory.values(id) ?? []) } : {}),
        ...(plan.returnMetadata === "none" || metadata === undefined ? {} : { metadata }),
      };
    });
    return { matches, count: matches.length };
  }

  /** In the order asked for, without those that do not exist. */
  read(definition: IndexDefinition, ids: string[]): VectorRecord[] {
    this.#visible(definition);
    return ids.flatMap((id) => {
      const vector = readVector(this.ctx.storage.sql, id);
      if (vector === undefined) return [];
      const { namespace, values, metadata } = vector;
      return {
        id,
        values: Array.from(values),
        ...(namespace === null ? {} : { namespace }),
        ...(metadata === null ? {} : { metadata: JSON.parse(metadata) }),
      };
    });
  }

  /** The index as it can be seen at this moment. */
  #visible(definition: IndexDefinition): MemoryIndex {
    this.#memory ??= this.#load(definition);
    const memory = this.#memory;
    this.#transaction(() => this.#applyDue(memory));
    return memory;
  }

  #load(definition: IndexDefinition): MemoryIndex {
    requireSameDefinition(this.ctx.storage.sql, definition);
    const memory = new MemoryIndex(definition);
    for (const vector of readVectors(this.ctx.storage.sql)) memory.put(vector);
    return memory;
  }

  #applyDue(memory: MemoryIndex): void {
    const now = Date.now();
    for (;;) {
      const mutation = nextDueMutation(this.ctx.storage.sql, now);
      if (mutation === undefined) return;
      this.#apply(mutation, memory);
      markProcessed(this.ctx.storage.sql, mutation);
    }
  }

  #apply({ kind, sequence }: PendingMutation, memory: MemoryIndex): void {
    const { sql } = this.ctx.storage;
    if (kind === "delete") {
      for (const id of readDeletedIds(sql, sequence)) {
        removeVector(sql, id);
        memory.remove(id);
      }
      return;
    }
    for (const vector of readChangedVectors(sql, sequence)) {
      if (kind === "insert" && memory.has(vector.id)) continue;
      writeVector(sql, vector);
      memory.put(vector);
    }
  }

  #transaction(work: () => void): void {
    try {
      this.ctx.storage.transactionSync(work);
    } catch (error) {
      this.#memory = undefined;
      throw error;
    }
  }
}
