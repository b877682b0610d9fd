export { type Clustering, type KMeansOptions, kMeans, nearestCentroid, nearestCentroids } from "./kmeans.ts";
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
