/**
 * The Vectorize port: the seven methods of the binding and nothing else, with the shapes of
 * `Vectorize` in @cloudflare/workers-types. In production the binding is Vectorize itself;
 * locally it is a service binding to workers/vectorize.
 */
export type VectorMetadataValue = string | number | boolean | string[];
export type VectorMetadata = Record<string, VectorMetadataValue | Record<string, VectorMetadataValue>>;

export interface VectorRecord {
  id: string;
  values: number[] | Float32Array | Float64Array;
  namespace?: string;
  metadata?: VectorMetadata;
}

export type FilterOperator = "$eq" | "$ne" | "$in" | "$nin" | "$lt" | "$lte" | "$gt" | "$gte";
export type FilterValue = string | number | boolean | null;
export type VectorFilter = Record<string, FilterValue | { [operator in FilterOperator]?: FilterValue | FilterValue[] }>;

export interface QueryOptions {
  /** 5 by default; at most 100, and 50 with values or all metadata. */
  topK?: number;
  namespace?: string;
  returnValues?: boolean;
  returnMetadata?: boolean | "all" | "indexed" | "none";
  filter?: VectorFilter;
}

export interface VectorMatch {
  id: string;
  score: number;
  namespace?: string;
  values?: number[];
  metadata?: VectorMetadata;
}

export interface VectorMatches {
  matches: VectorMatch[];
  count: number;
}

export interface IndexDetails {
  vectorCount: number;
  dimensions: number;
  processedUpToDatetime: string | number | null;
  processedUpToMutation: string | number | null;
}

export interface VectorIndex {
  describe(): Promise<IndexDetails>;
  query(vector: number[] | Float32Array | Float64Array, options?: QueryOptions): Promise<VectorMatches>;
  queryById(id: string, options?: QueryOptions): Promise<VectorMatches>;
  insert(vectors: VectorRecord[]): Promise<{ mutationId: string }>;
  upsert(vectors: VectorRecord[]): Promise<{ mutationId: string }>;
  deleteByIds(ids: string[]): Promise<{ mutationId: string }>;
  getByIds(ids: string[]): Promise<VectorRecord[]>;
}
