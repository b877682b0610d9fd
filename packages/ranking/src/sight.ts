/**
 * How much a pin looks like what a user turned to: one feature, worked out by the same code for a page and in the training,
 * which learns what it weighs.
 */
import { dot } from "@vitrine/vectors";
import { type TasteVector, tasteOf } from "./taste.ts";
import { clustersOf, type OwnedPin } from "./user-embedding.ts";

/** Even the smallest interest keeps 60 % of its similarity: weights order interests, they do not end them. */
const smallestStrength = 0.6;
/** One standard deviation of the cosine of two directions by chance is 1/√128; two of them are no likeness yet. */
const cosineByChance = 0.18;
/** A twin of what the user likes counts as three deviations of the vectors' say, where the blend begins to bend. */
const twinLikeness = 3;

/** The attractions as directions of the lengths of their strengths, 0.6 to 1: a product with one is what it says. */
export function sightDirections(attractions: readonly TasteVector[]): Float32Array[] {
  const strongest = attractions.reduce((most, { weight }) => Math.max(most, weight), 0);
  return attractions.map(({ embedding, weight }) => {
    const strength = smallestStrength + (1 - smallestStrength) * (weight / strongest);
    return embedding.map((value) => strength * value);
  });
}

/** The highest similarity to one of the user's clusters and last actions, by their strength: 0..1, 0 without a picture. */
export function sightOf(attractions: readonly TasteVector[]): (embedding: Float32Array) => number {
  const directions = sightDirections(attractions);
  return (embedding) => {
    let best = 0;
    if (embedding.length === 0) return best;
    // By position: with an iterator `dot` is not inlined, and a page by sight takes 5 ms in place of 3 (bench/page.ts).
    for (let i = 0; i < directions.length; i++) best = Math.max(best, dot(embedding, directions[i] ?? embedding));
    return best;
  };
}

/** A cosine on the scale of the blend, where the vectors' say is in deviations: 0 for chance and less, 3 for a twin. */
export function likenessOf(cosine: number): number {
  return Math.max(0, deviationsOfCosine(cosine));
}

/** The same, below 0 for less than chance. */
export function deviationsOfCosine(cosine: number): number {
  return (twinLikeness * (cosine - cosineByChance)) / (1 - cosineByChance);
}

/** The attractions of who has these pins and has done nothing else within the hour. */
export function attractionsOf(owned: readonly OwnedPin[], now: number): TasteVector[] {
  return tasteOf({ through: now, clusters: clustersOf(owned, now) }, [], now).attractions;
}
