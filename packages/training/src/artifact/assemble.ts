/** From what was learned to an artifact's model, and from a stored model to a catalogue that scores with it. */
import { Catalogue } from "../catalogue.ts";
import { Kernels } from "../kernels.ts";
import type { TrainingSettings } from "../settings.ts";
import type { LearnedModel } from "../training.ts";
import type { StoredModel } from "./read.ts";
import { quantiseVectors, vectorOf } from "./vectors.ts";
import type { Model } from "./write.ts";

export interface ModelOptions {
  ids: readonly string[];
  modelVersion: string;
  settings: TrainingSettings;
  users: number;
  saves: number;
  dataFrom: number | null;
  dataThrough: number | null;
  /** Float vectors beside the int8 ones: four more bytes a dimension and item. */
  withFloats: boolean;
}

export function modelOf(learned: LearnedModel, options: ModelOptions): Model {
  const { settings, ids, withFloats, ...told } = options;
  const { regularisation, regularisationExponent, unobservedWeight, initialDeviation, epochs, seed } = settings;
  const { sourceExponent, userExponent, targetExponent } = settings;
  return {
    header: {
      ...told,
      ials: { regularisation, regularisationExponent, unobservedWeight, initialDeviation, epochs, seed },
      neighbours: { sourceExponent, userExponent, targetExponent },
      blend: learned.findings.blend.map((each) => ({ ...each, weights: [...each.weights] })),
      validation: learned.findings.evaluation,
    },
    ids,
    vectors: quantiseVectors(learned.vectors, settings.dimensions),
    floatVectors: withFloats ? learned.vectors : null,
    gramian: learned.basis.gramian,
    itemMean: learned.itemMean,
    popularity: learned.popularity,
    neighbours: learned.neighbours,
  };
}

/** Scores with the int8 vectors, as serving does. */
export function catalogueOf(module: WebAssembly.Module, model: StoredModel): Catalogue {
  const { header, vectors, gramian, neighbours, popularity } = model;
  const { dimensions: d, items } = header;
  const kernels = new Kernels(module);
  const placed = kernels.allocate((items + 4) * d);
  const rows = kernels.floats(placed);
  for (let item = 0; item < items; item++) rows.set(vectorOf(vectors, item), item * d);
  return new Catalogue({ kernels, vectors: placed, basis: { ...header.ials, gramian, items }, neighbours, popularity });
}
