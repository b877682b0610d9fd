/**
 * The Vectorize port: the seven methods of the binding and nothing else, with the shapes of
 * `Vectorize` in @cloudflare/workers-types. In production the binding is Vectorize itself;
 * locally it is a service binding to workers/vectorize.
 */
export type VectorMetadataValue = string | number | boolean | string[];
export type VectorMetadata = Record<string, VectorMetadataValue | Record<string, VectorMetadataValue>>;
export type VectorValues = number[] | Float32Array | Float64Array;

export interface VectorRecord {
  /** 1 to 64 bytes. */
  id: string;
  /** As many as the index has dimensions; kept as float32. */
  values: VectorValues;
  namespace?: string;
  metadata?: VectorMetadata;
}

export type FilterValue = string | number | boolean | null;
/** One operator, or one lower and one upper bound. */
export interface FilterOperators {
  $eq?: FilterValue;
  $ne?: FilterValue;
  $in?: FilterValue[];
  $nin?: FilterValue[];
  $lt?: string | number;
  $lte?: string | number;
  $gt?: string | number;
  $gte?: string | number;
}
export type FilterOperator = keyof FilterOperators;
/** All keys must match; `a.b` looks inside `{ a: { b } }`; a bare value means `$eq`. */
export type VectorFilter = Record<string, FilterValue | FilterOperators>;

/** How nearness is scored: see `FlatIndex` for the sign and the order of each. */
export type VectorMetric = "cosine" | "dot-product" | "euclidean";

export interface QueryOptions {
  /** 5 by default; at most 100, and 50 with values or all metadata. */
  topK?: number;
  namespace?: string;
  returnValues?: boolean;
  /** Leave it out or say "none" for none: the binding sends `false` unconverted and the server refuses it. */
  returnMetadata?: boolean | "all" | "indexed" | "none";
  filter?: VectorFilter;
}

export interface VectorMatch {
  id: string;
  score: number;
  namespace?: string;
  values?: VectorValues;
  metadata?: VectorMetadata;
}

/** Best first. */
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

/** Mutations are asynchronous: they are seen once `describe()` names their id (median < 30 s, p99 < 2 min). */
export interface VectorIndex {
  describe(): Promise<IndexDetails>;
  query(vector: VectorValues, options?: QueryOptions): Promise<VectorMatches>;
  queryById(id: string, options?: QueryOptions): Promise<VectorMatches>;
  /** Skips ids that exist. */
  insert(vectors: VectorRecord[]): Promise<{ mutationId: string }>;
  /** Replaces in full. */
  upsert(vectors: VectorRecord[]): Promise<{ mutationId: string }>;
  deleteByIds(ids: string[]): Promise<{ mutationId: string }>;
  /** Leaves out ids that do not exist. */
  getByIds(ids: string[]): Promise<VectorRecord[]>;
}
