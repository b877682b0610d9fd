export type {
  FilterOperator,
  FilterValue,
  IndexDetails,
  QueryOptions,
  VectorFilter,
  VectorIndex,
  VectorMatch,
  VectorMatches,
  VectorMetadata,
  VectorMetadataValue,
  VectorRecord,
} from "./port.ts";
export { dequantise, dot, normalise, quantise } from "./quantise.ts";
