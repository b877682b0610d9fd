export { dominantColors } from "./colors.ts";
export { type VisualEncoder, visualDimensions, visualEncoder } from "./encoder.ts";
export { FEATURES_VERSION, type PictureFeatures, pictureFeatures } from "./features.ts";
export { hammingDistance, perceptualHash } from "./perceptual-hash.ts";
