/** What an assignment costs a request: `node packages/ranking/bench/assign.ts`. */
import { limits, newUserId, type UserId } from "@vitrine/contracts";
import { assign, type RunningExperiment } from "../src/index.ts";

const users = Array.from({ length: 10_000 }, (_, i): UserId => newUserId(`user-${i}`, { now: i, random: 0.5 }));

function running(count: number): RunningExperiment[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ id: `experiment-${i}`, layer: `layer-${i % 10}`, salt: `experiment-${i}` },
    ranges: [[Math.floor(i / 10) * 2_000, Math.floor(i / 10) * 2_000 + 2_000]],
    variants: [
      { name: "control", share: 0.5, settings: {} },
      { name: "treatment", share: 0.5, settings: { weights: { momentum: 0.5 } } },
    ],
  }));
}

for (const count of [1, 10, limits.maxRunningExperiments]) {
  const experiments = running(count);
  const times = users.map((user) => {
    const startedAt = performance.now();
    assign(experiments, user);
    return (performance.now() - startedAt) * 1_000;
  });
  const sorted = times.slice(1_000).sort((a, b) => a - b); // the first thousand are not compiled yet
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  console.log(`${count} experiments: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs, worst ${at(0.9999)} µs`);
}
