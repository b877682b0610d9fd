import { newUserId, type UserId } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { allocate, type BucketRange } from "./allocation.ts";
import { affecting, assign, fragmentVariantOf, mergedSettings } from "./assignment.ts";
import { bucketCount, bucketOf, murmur3 } from "./bucket.ts";
import { chiSquareTail } from "./distributions.ts";
import { decodeExperiments, encodeExperiments, type RunningExperiment } from "./running.ts";

/** As real users are: signed up one after the other. */
const users: UserId[] = Array.from({ length: 40_000 }, (_, i) =>
  newUserId(`user-${i}`, { now: 1_790_000_000_000 + i * 1_000, random: ((i * 7919) % 10_007) / 10_007 }),
);
const settings = { crowdingWeight: 0.5 };

function experiment(id: string, changes: Partial<RunningExperiment> = {}): RunningExperiment {
  const variants = [
    { name: "control", share: 0.5, settings: {} },
    { name: "treatment", share: 0.5, settings },
  ];
  return { id, layer: "ranking", salt: id, ranges: [[0, bucketCount]], variants, ...changes };
}

const variantIn = (running: RunningExperiment[], userId: UserId, id = running[0]?.id) =>
  assign(running, userId).find(({ experimentId }) => experimentId === id)?.variant;

/** P value of the chi-square test of counts against equal expectations. */
function uniformity(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return chiSquareTail(
    counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0),
    counts.length - 1,
  );
}

/** P value of the chi-square test of independence of two things that are each one of `size`. */
function independence(pairs: readonly (readonly [number, number])[], size: number): number {
  const table = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [a, b] of pairs) (table[a] as number[])[b] = (table[a]?.[b] ?? 0) + 1;
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = table.map((_, b) => table.reduce((sum, row) => sum + (row[b] ?? 0), 0));
  const statistic = table
    .flatMap((row, a) =>
      row.map((count, b) => ({ count, expected: ((rows[a] ?? 0) * (columns[b] ?? 0)) / pairs.length })),
    )
    .reduce((sum, { count, expected }) => sum + (count - expected) ** 2 / expected, 0);
  return chiSquareTail(statistic, (size - 1) ** 2);
}

test("the hash is MurmurHash3 of 32 bits", () => {
  // The vectors that implementations share, by seed 0 and, for the empty text, 1.
  expect(murmur3("")).toBe(0);
  expect(murmur3("", 1)).toBe(0x514e28b7);
  expect(murmur3("test")).toBe(0xba6bd213);
  expect(murmur3("Hello, world!")).toBe(0xc0363e43);
  expect(murmur3("The quick brown fox jumps over the lazy dog")).toBe(0x2e4ff723);
});

test("users spread evenly over the buckets, whatever the salt", () => {
  for (const salt of ["layer ranking", "layer trending", "variant a", "variant b", ""]) {
    const counts = new Array<number>(100).fill(0);
    for (const user of users) {
      const hundred = Math.floor(bucketOf(salt, user) / 100);
      counts[hundred] = (counts[hundred] ?? 0) + 1;
    }
    expect(uniformity(counts)).toBeGreaterThan(0.001);
  }
});

test("layers are independent of each other, and variants of the layer", () => {
  const tenth = (salt: string, user: UserId) => Math.floor(bucketOf(salt, user) / 1_000);
  for (const [one, other] of [
    ["layer ranking", "layer trending"],
    ["layer a", "layer b"],
    ["layer ranking", "variant ranking"],
    ["variant weights-1", "variant weights-2"],
  ] as const) {
    expect(
      independence(
        users.map((user) => [tenth(one, user), tenth(other, user)]),
        10,
      ),
    ).toBeGreaterThan(0.001);
    const lowest = users.map((user): [number, number] => [bucketOf(one, user) % 16, bucketOf(other, user) % 16]);
    expect(independence(lowest, 16)).toBeGreaterThan(0.001);
  }
});

test("an experiment has the users of its traffic, in the shares of its variants", () => {
  const variants = [
    { name: "control", share: 0.2, settings: {} },
    { name: "a", share: 0.5, settings },
    { name: "b", share: 0.3, settings },
  ];
  const running = [experiment("weights", { ranges: [[2_000, 6_000]], variants })];
  const counts = new Map<string | undefined, number>();
  for (const user of users) {
    const variant = variantIn(running, user);
    counts.set(variant, (counts.get(variant) ?? 0) + 1);
  }
  // Shares of 40,000 with a standard error below 100.
  expect(Math.abs((counts.get(undefined) ?? 0) - 24_000)).toBeLessThan(400);
  expect(Math.abs((counts.get("control") ?? 0) - 3_200)).toBeLessThan(400);
  expect(Math.abs((counts.get("a") ?? 0) - 8_000)).toBeLessThan(400);
  expect(Math.abs((counts.get("b") ?? 0) - 4_800)).toBeLessThan(400);
});

test("growing traffic keeps every user where they are, also around a neighbour in the layer", () => {
  const neighbour: BucketRange[] = [[500, 4_000]];
  let own: BucketRange[] = [];
  const before = new Map<UserId, string>();
  for (const traffic of [0.05, 0.1, 0.3, 0.65]) {
    own = allocate(traffic, { own, taken: neighbour }) ?? [];
    const running = [experiment("grown", { ranges: own })];
    for (const user of users) {
      const variant = variantIn(running, user);
      const known = before.get(user);
      if (known) expect(variant).toBe(known);
      if (variant) before.set(user, variant);
    }
    expect(Math.abs(before.size / users.length - traffic)).toBeLessThan(0.01);
  }
  expect(allocate(0.66, { own, taken: neighbour })).toBeNull();
});

test("in a layer nobody is in two experiments, and across layers somebody is", () => {
  const first = allocate(0.4, { own: [], taken: [] }) ?? [];
  const second = allocate(0.6, { own: [], taken: first }) ?? [];
  const running = [
    experiment("one", { ranges: first }),
    experiment("two", { ranges: second }),
    experiment("three", { layer: "trending" }),
  ];
  for (const user of users.slice(0, 5_000)) {
    const ids = assign(running, user).map(({ experimentId }) => experimentId);
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe("three");
  }
});

test("an experiment inherits nothing from the one that had its users before", () => {
  const pairs = users.map((user): [number, number] => [
    variantIn([experiment("first")], user) === "control" ? 0 : 1,
    variantIn([experiment("second")], user) === "control" ? 0 : 1,
  ]);
  expect(independence(pairs, 2)).toBeGreaterThan(0.001);
});

test("settings of all layers come together, weights by weight", () => {
  const assignments = [
    { experimentId: "a", variant: "x", touched: [], settings: { weights: { relevance: 2 } } },
    { experimentId: "b", variant: "y", touched: [], settings: { weights: { momentum: 0 }, crowdingWeight: 1 } },
    { experimentId: "c", variant: "control", touched: [], settings: {} },
  ];
  expect(mergedSettings(assignments)).toEqual({ weights: { relevance: 2, momentum: 0 }, crowdingWeight: 1 });
  expect(mergedSettings([])).toEqual({});
});

test("only fragments that a variant changes are its own", () => {
  expect(fragmentVariantOf("trending", { trendingHalfLifeHours: 6 })).toBe("half-life-6");
  expect(fragmentVariantOf("interest", { trendingHalfLifeHours: 6 })).toBe("base");
  expect(fragmentVariantOf("trending", { crowdingWeight: 1, weights: { relevance: 2 } })).toBe("base");
});

test("who saw nothing of what an experiment is about was not exposed, in the control neither", () => {
  const trending = experiment("half-life", {
    layer: "trending",
    variants: [
      { name: "control", share: 0.5, settings: {} },
      { name: "treatment", share: 0.5, settings: { trendingHalfLifeHours: 6 } },
    ],
  });
  const page = { missing: new Set<string>(), places: 25, isBlended: true };
  const user = users[0] as UserId;
  const assignments = assign([trending, experiment("spacing")], user);
  const ids = (changes: object) =>
    affecting(assignments, { ...page, ...changes }).map(({ experimentId }) => experimentId);
  expect(ids({})).toEqual(["half-life", "spacing"]);
  expect(ids({ missing: new Set(["trending"]) })).toEqual(["spacing"]);
  expect(ids({ places: 20 })).toEqual(["half-life"]);
  expect(ids({ places: 20, isBlended: false })).toEqual(["half-life", "spacing"]);
  for (const other of users.slice(0, 50)) {
    expect(affecting(assign([trending], other), { ...page, missing: new Set(["trending"]) })).toEqual([]);
    expect(affecting(assign([trending], other), page)).toHaveLength(1);
  }
});

test("what KV keeps is what was put, and of another version nothing", () => {
  const running = [experiment("a"), experiment("b", { ranges: [[1, 2]] })];
  expect(decodeExperiments(encodeExperiments(running))).toEqual(running);
  expect(decodeExperiments(JSON.stringify({ version: 2, experiments: running }))).toEqual([]);
});
