/**
 * `npx node packages/vectors/bench/flat.ts`: median time of an exact top-100 query, with its memory.
 * One line a size and metric; the filtered line has a filter that every tenth vector passes.
 */
import { FlatIndex, matchesFilter, parseFilter, type VectorMetadata, type VectorMetric } from "../src/index.ts";
import { seededSequence } from "../src/seeded-sequence.ts";

const dimensions = 128;
const queriesPerSize = 31;
const filter = parseFilter({ decile: 3 });
const random = seededSequence(1);

for (const rows of [10_000, 100_000]) {
  for (const metric of ["cosine", "dot-product", "euclidean"] as const) measure(rows, metric);
}

function measure(rows: number, metric: VectorMetric): void {
  const index = new FlatIndex<VectorMetadata>(dimensions, metric);
  const started = performance.now();
  for (let i = 0; i < rows; i++) index.set(`pin${i}`, randomVector(), { decile: i % 10 });
  const built = performance.now() - started;
  const plain = medianMillis(() => index.search(randomVector(), { topK: 100 }));
  const filtered = medianMillis(() =>
    index.search(randomVector(), { topK: 100, accepts: (label) => matchesFilter(filter, label) }),
  );
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
  console.log(
    [
      `${rows} × ${dimensions} ${metric}`,
      `query ${plain.toFixed(1)} ms`,
      `filtered ${filtered.toFixed(1)} ms`,
      `build ${built.toFixed(0)} ms`,
      `rows ${megabytes(index.byteLength)}`,
      `process ${megabytes(process.memoryUsage().rss)}`,
    ].join(" · "),
  );
}

function medianMillis(query: () => unknown): number {
  const millis = Array.from({ length: queriesPerSize }, () => {
    const started = performance.now();
    query();
    return performance.now() - started;
  });
  return millis.sort((a, b) => a - b)[Math.floor(queriesPerSize / 2)] ?? 0;
}

function randomVector(): Float32Array {
  return Float32Array.from({ length: dimensions }, () => random() - 0.5);
}
