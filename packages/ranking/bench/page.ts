/**
 * `npx node --max-semi-space-size=256 packages/ranking/bench/page.ts`: milliseconds and bytes that composing a page of 25
 * takes, and what bringing its fragments in from outside of the isolate takes. By sight: eight interests, trending and fresh
 * against a taste of 32 parts. By taste: what a page of a known user is made of, out of 10,000 pins of words alone.
 */
import type { PinId } from "@vitrine/contracts";
import { normalise, seededSequence } from "@vitrine/vectors";
import { contextOf, drawCandidates, placed } from "../src/drawn-candidates.ts";
import {
  type Blending,
  type Candidate,
  composePage,
  decodeFragment,
  encodeFragment,
  feedPipeline,
  hashOfId,
  type LoadedFragment,
} from "../src/index.ts";

const dimensions = 128;
const pages = 400;
const random = seededSequence(1);
const direction = () => normalise(Float32Array.from({ length: dimensions }, () => random() + random() - 1));
const pick = (pool: readonly Candidate[], count: number) =>
  Array.from({ length: count }, () => pool[Math.floor(random() * pool.length)] as Candidate);
const fragment = (source: LoadedFragment["request"]["source"], candidates: Candidate[]): LoadedFragment => ({
  request: { source, id: String(random()), weight: 0.1, need: "essential" },
  candidates,
});
const exclusions = {
  shown: new Set<number>(),
  known: new Set(Array.from({ length: 100 }, (_, i) => hashOfId(`pin_${i}`))),
  recent: new Set<PinId>(),
  withheld: new Set(["pin_gone"]),
};

const seen = drawCandidates(2_000, () => ({ embedding: direction() }));
const bySight = [...Array(8).fill("interest"), "trending", "fresh"].map((source) => fragment(source, pick(seen, 100)));
const attractions = Array.from({ length: 32 }, () => ({ embedding: direction(), weight: 1 / 32 }));
const sightContext = contextOf({ exclusions, taste: { attractions, latest: attractions[0] ?? null, aversions: [] } });

const words = drawCandidates(10_000, (i) => placed(i, direction()));
const shares = new Map(Array.from({ length: 1_000 }, () => [Math.floor(random() * 10_000), random() / 500]));
const blending: Blending = { vector: direction(), weights: [1, -0.5, 1, -0.1], mean: 0, deviation: 0.09, shares };
const sizes = [
  ...Array.from({ length: 4 }, () => ["taste", 100] as const),
  ...Array.from({ length: 2 }, () => ["neighbours", 50] as const),
  ...(["trending", "fresh", "explore"] as const).map((source) => [source, 100] as const),
];
const byTaste = sizes.map(([source, count]) => fragment(source, pick(words, count)));
const tasteContext = contextOf({ exclusions, blending });

report("a page by sight, 1,000 candidates", () =>
  composePage(feedPipeline, bySight, { context: sightContext, size: 25 }),
);
report("a page by taste, 800 candidates", () =>
  composePage(feedPipeline, byTaste, { context: tasteContext, size: 25 }),
);
const bytes = encodeFragment({ builtAt: 1, model: "m1", candidates: [...(byTaste[0]?.candidates ?? [])] });
report(`decoding a fragment of ${bytes.length} bytes`, () => decodeFragment(bytes, { renditionsOf: () => null }));

function report(name: string, work: () => unknown): void {
  for (let i = 0; i < pages; i++) work();
  const times = Array.from({ length: pages }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  }).toSorted((a, b) => a - b);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 20; i++) work();
  const bytes = (process.memoryUsage().heapUsed - before) / 20;
  const at = (share: number) => times[Math.floor(times.length * share)]?.toFixed(2);
  console.log(`${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${(bytes / 1024).toFixed(0)} KiB`);
}
