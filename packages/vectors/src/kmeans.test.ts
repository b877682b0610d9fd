import { describe, expect, test } from "vitest";
import { kMeans, kMeansWithPauses, nearestCentroid, nearestCentroids } from "./kmeans.ts";
import { dot, normalise } from "./quantise.ts";
import { seededSequence } from "./seeded-sequence.ts";

const random = seededSequence(11);
/** Twenty points each around eight far corners; point `i` belongs to corner `i % 8`. */
const clouds = Array.from({ length: 160 }, (_, i) =>
  Float32Array.from({ length: 3 }, (_, axis) => ((i >> axis) & 1) * 10 + random()),
);
const directions = clouds.map((point) => normalise(point.map((value) => value - 5)));

describe.each([
  ["k-means", clouds, false],
  ["spherical k-means", directions, true],
] as const)("%s", (_, points, isSpherical) => {
  const cluster = (seed: number, k = 8) => kMeans(points, { k, random: seededSequence(seed), isSpherical });

  test("finds clusters that are far apart", () => {
    const { centroids, assignments } = cluster(1);
    expect(centroids).toHaveLength(8);
    const cornerOf = new Map<number, number>();
    assignments.forEach((centroid, i) => {
      expect(cornerOf.get(centroid) ?? i % 8).toBe(i % 8);
      cornerOf.set(centroid, i % 8);
    });
    expect(cornerOf.size).toBe(8);
  });

  test("answers the same for the same random sequence", () => {
    expect(cluster(5)).toEqual(cluster(5));
  });

  test("assigns every point to the nearest of the centroids it answers with, and sums what is left", () => {
    for (const maxIterations of [0, 1, 2, 25]) {
      const options = { k: 13, random: seededSequence(2), isSpherical, maxIterations };
      const { centroids, assignments, inertia } = kMeans(points, options);
      expect(points.map((point) => nearestCentroid(point, centroids))).toEqual([...assignments]);
      const left = points.map((point, i) => distance(point, centroids[assignments[i] ?? -1]));
      expect(inertia).toBeCloseTo(
        left.reduce((a, b) => a + b, 0),
        6,
      );
    }
  });

  test("never gets worse with more iterations", () => {
    const inertias = [0, 1, 2, 4, 8, 16].map(
      (maxIterations) => kMeans(points, { k: 20, random: seededSequence(4), isSpherical, maxIterations }).inertia,
    );
    expect(inertias).toEqual([...inertias].sort((a, b) => b - a));
    expect(inertias.at(-1)).toBeLessThan(inertias[0] ?? 0);
  });

  test("leaves no centroid without a point", () => {
    for (let seed = 0; seed < 30; seed++) {
      const { centroids, assignments } = cluster(seed, 40);
      expect(new Set(assignments).size).toBe(centroids.length);
    }
  });
});

test("spherical centroids have length 1 and sit where the similarity is largest, whatever the lengths", () => {
  const points = directions.map((point, i) => point.map((value) => value * (1 + (i % 5))));
  const { centroids } = kMeans(points, { k: 8, random: seededSequence(1), isSpherical: true });
  for (const centroid of centroids) expect(dot(centroid, centroid)).toBeCloseTo(1, 5);
  for (const point of points) {
    const similarities = centroids.map((centroid) => dot(point, centroid));
    expect(nearestCentroid(point, centroids)).toBe(similarities.indexOf(Math.max(...similarities)));
  }
  expect(points[0]).toEqual(directions[0]); // the given vectors are not touched
});

test("opposite directions, which have no mean, end in a centroid with a direction", () => {
  const points = [Float32Array.of(1, 0), Float32Array.of(-1, 0)];
  const [centroid] = kMeans(points, { k: 1, random: seededSequence(1), isSpherical: true }).centroids;
  expect(dot(centroid ?? [], centroid ?? [])).toBeCloseTo(1, 6);
});

test("with pauses the answer is the same, and no long work lies between two of them", async () => {
  const draw = seededSequence(3);
  const points = Array.from({ length: 1_200 }, () => Float32Array.from({ length: 128 }, () => draw() - 0.5));
  const options = { k: 160, isSpherical: true, maxIterations: 1 };
  let pauses = 0;
  const paused = await kMeansWithPauses(points, {
    ...options,
    random: seededSequence(9),
    pause: async () => void pauses++,
  });
  expect(paused).toEqual(kMeans(points, { ...options, random: seededSequence(9) }));
  // Seeding and two assignments are 24.6 million components each, and a slice is 16.8 million.
  expect(pauses).toBe(3);
});

// Found by searching: with these points and seeds an iteration leaves a centroid without any point.
test.each([
  {
    points: [
      [11, 11],
      [1, 0],
      [5, 8],
      [6, 2],
      [1, 11],
      [4, 9],
      [8, 0],
    ],
    k: 4,
    seed: 36_189,
    isSpherical: false,
  },
  {
    points: [
      [3, 2, -3],
      [-1, -2, 2],
      [-3, 5, -3],
      [-6, 4, -5],
      [-1, -2, 2],
      [0, -6, 4],
      [-4, 2, -1],
    ],
    k: 3,
    seed: 14_916,
    isSpherical: true,
  },
])("a cluster that runs empty takes over the point farthest from its own (spherical: $isSpherical)", (example) => {
  const { k, seed, isSpherical } = example;
  const points = example.points.map((point) => Float32Array.from(point));
  const { assignments } = kMeans(points, { k, random: seededSequence(seed), isSpherical });
  expect(new Set(assignments).size).toBe(k);
});

test("fewer vectors than k, or fewer distinct ones, give a centroid each", () => {
  const points = [1, 2, 2, 2, 1].map((value) => Float32Array.of(value, 0));
  const { centroids, inertia } = kMeans(points, { k: 10, random: seededSequence(1) });
  expect([centroids.map(([x]) => x).sort(), inertia]).toEqual([[1, 2], 0]);
  expect(kMeans([], { k: 3, random: seededSequence(1) })).toEqual({
    centroids: [],
    assignments: new Int32Array(0),
    inertia: 0,
  });
  expect(() => kMeans(points, { k: 0, random: seededSequence(1) })).toThrow(RangeError);
});

test("a random function at the ends of its range draws no seed twice", () => {
  const points = [0, 1, 2, 3].map((value) => Float32Array.of(value));
  for (const constant of [0, 1 - 2 ** -53]) {
    const { centroids } = kMeans(points, { k: 4, random: () => constant, maxIterations: 0 });
    expect(centroids.map(([x]) => x).sort()).toEqual([0, 1, 2, 3]);
  }
});

test("nearestCentroids answers the nearest first and no more than there are", () => {
  const centroids = [5, 1, 9, 1].map((value) => Float32Array.of(value));
  expect(nearestCentroids([2], centroids, 3)).toEqual([1, 3, 0]);
  expect(nearestCentroids([2], centroids, 9)).toEqual([1, 3, 0, 2]);
  expect(nearestCentroids([2], centroids, 0)).toEqual([]);
  expect(nearestCentroid([8], centroids)).toBe(2);
  expect(nearestCentroid([8], [])).toBe(-1);
});

function distance(point: Float32Array, centroid: Float32Array | undefined): number {
  return point.reduce((sum, value, i) => sum + (value - (centroid?.[i] ?? Number.NaN)) ** 2, 0);
}
