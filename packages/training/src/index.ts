export { catalogueOf, type ModelOptions, modelOf } from "./artifact/assemble.ts";
export {
  type ArtifactHeader,
  artifactFormat,
  maxArtifactBytes,
  maxHeaderBytes,
} from "./artifact/format.ts";
export { ArtifactError, readArtifact, readArtifactHeader, type StoredModel } from "./artifact/read.ts";
export { type QuantisedVectors, quantiseVectors, vectorOf } from "./artifact/vectors.ts";
export { artifactParts, type Model } from "./artifact/write.ts";
export { Catalogue, type CatalogueEvidence } from "./catalogue.ts";
export { CheckpointError } from "./checkpoint.ts";
export { bestOf, RankMeter, type RankMetrics, rankAmong } from "./evaluate/metrics.ts";
export {
  type Evaluation,
  evaluate,
  type HeldOut,
  knownSaves,
  negativesPerUser,
  type ScoreItems,
  usersSpread,
} from "./evaluate/protocols.ts";
export { Kernels } from "./kernels.ts";
export { type Neighbours, neighbourWeight } from "./neighbours.ts";
export type { Pictures } from "./pictures.ts";
export { countsOf, itemsOf, type Saves, savesOf, transposed, without } from "./saves.ts";
export { type TrainingSettings, trainingSettings } from "./settings.ts";
export { type LearnedModel, type Lessons, type Stage, Training, type TrainingProgress } from "./training.ts";
export type { Findings } from "./validation.ts";
