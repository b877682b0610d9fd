export { type Geometry, planGeometry, type Reduction, type Region, type Size, scaleDown } from "./geometry.ts";
export { keptPrefixes } from "./kept.ts";
export { assertDecodable, maxPixelsOf, pictureLimits } from "./limits.ts";
export { dependsOnAlpha, negotiateFormat } from "./negotiate.ts";
export { parseRenditionPath, type RenditionPath } from "./path.ts";
export {
  type MadePicture,
  makePicture,
  type PicturePlan,
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
