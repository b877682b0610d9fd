import { WorkerEntrypoint } from "cloudflare:workers";
import {
  FlatIndex,
  type QueryOptions,
  type VectorIndex,
  type VectorMatches,
  type VectorRecord,
  type VectorValues,
} from "@vitrine/vectors";

const flat = new FlatIndex<{ namespace: string | undefined }>(128, "dot-product");
const ids = new Set<string>();
let mutation = 0;

/** The taste index, exact and seen at once. State lives as long as the isolate. */
export class IndexStandIn extends WorkerEntrypoint implements VectorIndex {
  async describe() {
    const processedUpToMutation = mutation === 0 ? null : String(mutation);
    return { vectorCount: ids.size, dimensions: 128, processedUpToDatetime: null, processedUpToMutation };
  }

  async query(vector: VectorValues, { topK = 5, namespace }: QueryOptions = {}): Promise<VectorMatches> {
    const accepts = (label: { namespace: string | undefined }) =>
      namespace === undefined || label.namespace === namespace;
    const matches = flat.search(Float32Array.from(vector), { topK, accepts }).map(({ id, score }) => ({ id, score }));
    return { matches, count: matches.length };
  }

  async queryById(id: string, options?: QueryOptions): Promise<VectorMatches> {
    return this.query(flat.values(id) ?? [], options);
  }

  async insert(records: VectorRecord[]) {
    return this.upsert(records.filter(({ id }) => !ids.has(id)));
  }

  async upsert(records: VectorRecord[]) {
    for (const { id, values, namespace } of records) {
      ids.add(id);
      flat.set(id, Float32Array.from(values), { namespace });
    }
    return { mutationId: String(++mutation) };
  }

  async deleteByIds(gone: string[]) {
    for (const id of gone) {
      ids.delete(id);
      flat.delete(id);
    }
    return { mutationId: String(++mutation) };
  }

  async getByIds(wanted: string[]): Promise<VectorRecord[]> {
    return wanted.flatMap((id) => {
      const values = flat.values(id);
      const namespace = flat.label(id)?.namespace;
      return values ? [{ id, values, ...(namespace === undefined ? {} : { namespace }) }] : [];
    });
  }
}
