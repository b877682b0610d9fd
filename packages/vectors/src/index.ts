export {
  type VectorErrorCode,
  type VectorOperation,
  vectorError,
  vectorErrorCode,
  vectorErrorCodes,
} from "./errors.ts";
export { type FilterCondition, matchesFilter, type ParsedFilter, parseFilter } from "./filter.ts";
export { FlatIndex, type FlatMatch, type FlatSearch } from "./flat.ts";
export {
  type Clustering,
  type KMeansOptions,
  kMeans,
  kMeansWithPauses,
  nearestCentroid,
  nearestCentroids,
} from "./kmeans.ts";
export { truncateUtf8, utf8Bytes, vectorLimits } from "./limits.ts";
export type {
  FilterOperator,
  FilterOperators,
  FilterValue,
  IndexDetails,
  QueryOptions,
  VectorFilter,
  VectorIndex,
  VectorMatch,
  VectorMatches,
  VectorMetadata,
  VectorMetadataValue,
  VectorMetric,
  VectorRecord,
  VectorValues,
} from "./port.ts";
export { dequantise, dot, normalise, quantise } from "./quantise.ts";
export { seededSequence } from "./seeded-sequence.ts";
