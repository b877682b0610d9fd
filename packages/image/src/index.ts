export { assertDecodable, maxPixelsOf } from "./decodable.ts";
export {
  type Geometry,
  type PlannedGeometry,
  planGeometry,
  type Reduction,
  type Region,
  type Size,
  scaleDown,
} from "./geometry.ts";
export { type KeptWhole, keptPrefixes, keptWhole } from "./kept.ts";
export { pictureLimits } from "./limits.ts";
export { dependsOnAlpha, negotiateFormat } from "./negotiate.ts";
export {
  type ImageOptions,
  type PlanContext,
  type PlannedOptions,
  parseOptions,
  planFitting,
  planOptions,
  type RequestHints,
} from "./options/index.ts";
export { asPictureProblem } from "./pack-problems.ts";
export { parseRenditionPath, type RenditionPath } from "./path.ts";
export {
  assertMakeable,
  heldForFilesBytes,
  lookAndDecide,
  type MadePicture,
  makePicture,
  type OutputPlan,
  type PicturePlan,
  type PictureSource,
  planPicture,
  type Timings,
} from "./pipeline.ts";
export { describePicture, type PlaceholderRecord, placeholderKey } from "./placeholders/describe.ts";
export {
  blurhashOf,
  type PlaceholderFormat,
  type Placeholders,
  placeholderFormats,
  placeholderSide,
  placeholdersOf,
  thumbhashOf,
} from "./placeholders/placeholder.ts";
export { pipelineVersion, planKey, renditionEtag, renditionKey } from "./plan.ts";
export { isPresetName, type PlannedPreset, type PresetName, planForPreset, presetNames, presets } from "./presets.ts";
export { type Orientation, type PictureFormat, type PictureProbe, pictureFormats } from "./probe/picture.ts";
export { probePicture, probePrefix } from "./probe/probe.ts";
export { presetSizes, srcsetPresets } from "./srcset.ts";
export type { DecidedPlan } from "./steps/pixel-steps.ts";
