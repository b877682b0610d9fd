export { packFeatures, unpackFeatures } from "./action-features.ts";
export { fromBase64, toBase64 } from "./base64.ts";
export {
  type BlendEvidence,
  type BlendWeights,
  blendFeatures,
  blendFor,
  blendScore,
  type ProductScale,
  productScale,
  weighsLikeness,
  weightsFor,
} from "./blend.ts";
export { type Blending, blendingOf, blendOf, blendStrength } from "./blending.ts";
export {
  type Candidate,
  type Fragment,
  type LoadedFragment,
  maxFragmentCandidates,
  type ScoredCandidate,
} from "./candidate.ts";
export { type Codebook, codebookKey, decodeCodebook, encodeCodebook, interestCountFor } from "./codebook.ts";
export {
  type CollaborativeTaste,
  collaborativeTasteOf,
  type LastSave,
  type LongTermTaste,
  longTermTasteOf,
  maxActionsPerTaste,
  type TasteAction,
} from "./collaborative-taste.ts";
export type { Exclusions, FeedContext, FragmentRequest } from "./context.ts";
export { decodeCursor, encodeCursor, type FeedCursor } from "./cursor.ts";
export { allocate, type BucketRange, sizeOf } from "./experiments/allocation.ts";
export { type Assignment, affecting, assign, fragmentVariantOf, mergedSettings } from "./experiments/assignment.ts";
export type { Outcomes } from "./experiments/lift.ts";
export { judge } from "./experiments/results.ts";
export {
  decodeExperiments,
  encodeExperiments,
  experimentsKey,
  type RunningExperiment,
} from "./experiments/running.ts";
export type { Filter } from "./filters.ts";
export {
  actionsForFoldIn,
  curvatureOf,
  foldIn,
  type ItemBasis,
  maxFoldInActions,
  meanOfUnits,
  userVectorOf,
  type VectorAction,
  type VectorPrior,
} from "./fold-in.ts";
export { embeddingWithout, type TakenBack, takenBackSince, tasteWithout } from "./fold-out.ts";
export { type DecodeOptions, decodeFragment, encodeFragment } from "./fragment-codec.ts";
export { decodeNeighbours, encodeNeighbours, type Neighbours } from "./neighbours.ts";
export { type OwnCandidate, ownCandidateScorer, type RankingUser } from "./own-candidates.ts";
export { maxPageShare, minPagesToGuard, PageShares } from "./page-shares.ts";
export { hashOfId } from "./pin-hashes.ts";
export { bytesOfPinModel, decodePinModel, type PinModel, PinModelMemory, type PinModels } from "./pin-models.ts";
export {
  decodePinVector,
  dotPinVector,
  encodePinVector,
  lengthOf,
  type PinVector,
  readPinVector,
  unpackPinVector,
} from "./pin-vector.ts";
export { composePage, feedPipeline, type Pipeline, planFragments } from "./pipeline.ts";
export { type RecentTaste, recentTasteOf, type TellingAction } from "./recent-taste.ts";
export {
  boosted,
  meanShares,
  type RelatedEvidence,
  relatedScore,
  sharesOf,
  spaced,
  type Visit,
  type WalkShares,
} from "./related.ts";
export { decodeRelatedCursor, encodeRelatedCursor, type RelatedCursor } from "./related-cursor.ts";
export type { Scorer } from "./scorers.ts";
export type { Selection, Selector } from "./selector.ts";
export {
  decodeServingModel,
  encodeServingModel,
  type ServingModel,
  servingModelKey,
} from "./serving-model.ts";
export { attractionsOf, likenessOf, sightDirections, sightOf } from "./sight.ts";
export { cursorLifeMillis, maxShownPins, type Signer } from "./signed-cursor.ts";
export { interestsPerWidening, interestsThereAre, interestsToOpen, type Source } from "./sources.ts";
export { type Interest, interestsOf, type Taste, type TasteVector, tasteOf } from "./taste.ts";
export { nearestTasteInterests, tasteInterestCountFor } from "./taste-interests.ts";
export {
  clustersOf,
  isEmptyUserEmbedding,
  maxKeptOwned,
  type OwnedPin,
  type UserEmbedding,
  userEmbeddingKey,
  userEmbeddingOf,
  userHistoryLimits,
} from "./user-embedding.ts";
export { bytesOfUserEmbedding, decodeUserEmbedding, encodeUserEmbedding } from "./user-embedding-codec.ts";
export { Walk } from "./walk.ts";
