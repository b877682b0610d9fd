import {
  FlatIndex,
  type FlatMatch,
  matchesFilter,
  type VectorMetadata,
  type VectorOperation,
  vectorError,
  vectorLimits,
} from "@vitrine/vectors";
import type { IndexDefinition } from "./definitions.ts";
import type { QueryPlan, StoredVector } from "./requests.ts";

/** What is held of a vector besides its values; full metadata stays on disk. */
interface Label {
  namespace: string | null;
  indexed: VectorMetadata;
}

/** The visible state of an index in memory: vectors, and how many of them each namespace has. */
export class MemoryIndex {
  readonly #flat: FlatIndex<Label>;
  readonly #sizeOfNamespace = new Map<string, number>();
  readonly #definition: IndexDefinition;

  constructor(definition: IndexDefinition) {
    this.#definition = definition;
    this.#flat = new FlatIndex(definition.dimensions, definition.metric);
  }

  get size(): number {
    return this.#flat.size;
  }

  has(id: string): boolean {
    return this.#flat.has(id);
  }

  values(id: string): Float32Array | undefined {
    return this.#flat.values(id);
  }

  put({ id, values, namespace, indexed }: StoredVector): void {
    this.#count(this.#flat.label(id), -1);
    const label = { namespace, indexed: JSON.parse(indexed) };
    this.#flat.set(id, values, label);
    this.#count(label, 1);
  }

  remove(id: string): void {
    this.#count(this.#flat.label(id), -1);
    this.#flat.delete(id);
  }

  /** Namespace first, then filter, then the best topK. */
  search(vector: Float32Array, { topK, namespace, filter }: QueryPlan): FlatMatch<Label>[] {
    if (namespace === undefined && filter === undefined) return this.#flat.search(vector, { topK });
    return this.#flat.search(vector, {
      topK,
      accepts: (label) =>
        (namespace === undefined || label.namespace === namespace) &&
        (filter === undefined || matchesFilter(filter, label.indexed)),
    });
  }

  /** Refuses a batch that would make the index larger than it may become, counted by what is visible now. */
  requireRoom(operation: VectorOperation, vectors: readonly StoredVector[]): void {
    const { maxVectors = vectorLimits.maxVectorsPerIndex } = this.#definition;
    const { maxNamespaces = vectorLimits.maxNamespacesPerIndex } = this.#definition;
    const added = vectors.filter(({ id }) => !this.has(id)).length;
    if (this.size + added > maxVectors) {
      throw vectorError(operation, `the index is full; max is ${maxVectors} vectors`);
    }
    const namespaces = new Set(this.#sizeOfNamespace.keys());
    for (const { namespace } of vectors) if (namespace !== null) namespaces.add(namespace);
    if (namespaces.size > maxNamespaces) {
      throw vectorError(operation, `too many namespaces; max is ${maxNamespaces}`);
    }
  }

  #count(label: Label | undefined, change: 1 | -1): void {
    if (label === undefined || label.namespace === null) return;
    const size = (this.#sizeOfNamespace.get(label.namespace) ?? 0) + change;
    if (size === 0) this.#sizeOfNamespace.delete(label.namespace);
    else this.#sizeOfNamespace.set(label.namespace, size);
  }
}
