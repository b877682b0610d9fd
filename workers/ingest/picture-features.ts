/** From a pin to the features of its picture, by the shortest way that is left to go. */
import { planForPreset } from "@vitrine/image";
import { type KeptFeatures, keepFetchedPicture, type OriginalRow, type PinPicture } from "@vitrine/store";
import { dequantise, quantise } from "@vitrine/vectors";
import { FEATURES_VERSION, pictureFeatures } from "@vitrine/vision";
import { within } from "./bounded.ts";
import type { IngestServices } from "./services.ts";

export interface FeaturedPin extends PinPicture {
  original: OriginalRow;
  /** New ones, to be kept; null when those of the same picture are kept already. */
  features: KeptFeatures | null;
  /** Of length 1. */
  embedding: Float32Array;
}

/** Decoding and two renditions take 0.1 to 2 s; the images Worker may have a few pictures waiting before this one. */
const prepareTimeoutMillis = 60_000;
/** 30 MB to R2 take a few seconds on a bad day. */
const putTimeoutMillis = 30_000;
/** Features look at no more than this, and 256 kB cross the binding quickly. */
const rasterSide = 256;
/** What every page of a feed asks for, made while the picture is decoded anyway. WebP is what nearly all accept. */
const preparedPlans = [planForPreset("feed", "webp"), planForPreset("thumbnail", "webp")];

/** Makes features once for each picture, also when several pins of a batch show the same one. */
export function featuresOfBatch(services: IngestServices): (pin: PinPicture) => Promise<FeaturedPin | undefined> {
  const making = new Map<string, Promise<KeptFeatures>>();
  return async (candidate) => {
    const located = candidate.original ? candidate : await fetchOriginal(candidate, services);
    if (!located) return undefined; // deleted while it was fetched
    const { pin, original } = located;
    if (!original) throw new Error(`${pin.id}: its picture has no row`);
    // Features are kept after the renditions, so they prove that those were made as well.
    if (original.featuresVersion === FEATURES_VERSION && original.embedding) {
      return { pin, original, features: null, embedding: dequantise(original.embedding) };
    }
    const made = making.get(original.hash) ?? makeFeatures(original.hash, services);
    making.set(original.hash, made);
    const features = await made;
    return { pin, original, features, embedding: dequantise(features.embedding) };
  };
}

async function makeFeatures(originalHash: string, { images }: IngestServices): Promise<KeptFeatures> {
  const request = { originalHash, plans: preparedPlans, rasterSide };
  const prepared = await within(prepareTimeoutMillis, "preparing renditions", images.prepare(request));
  const { colors, perceptualHash, embedding } = pictureFeatures(prepared.raster);
  return {
    width: prepared.width,
    height: prepared.height,
    colors,
    perceptualHash,
    embedding: quantise(embedding),
    featuresVersion: FEATURES_VERSION,
  };
}

/** Brings the picture at the pin's URL into the bucket, then into the tables. */
async function fetchOriginal({ pin }: PinPicture, services: IngestServices): Promise<PinPicture | undefined> {
  if (pin.imageUrl === null) throw new Error(`${pin.id}: neither a picture nor the URL of one`);
  const { bytes, contentType } = await services.fetchPicture(pin.imageUrl);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const stored = services.originals.put(hash, bytes, { httpMetadata: { contentType }, sha256: digest });
  await within(putTimeoutMillis, "keeping an original", stored);
  const original = { hash, contentType, bytes: bytes.byteLength, createdAt: services.now() };
  return keepFetchedPicture(services.databases.forId(pin.id), pin.id, original);
}
