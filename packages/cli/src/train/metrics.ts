import type { Model } from "@vitrine/contracts";
import { columns } from "../measures/columns.ts";

/** A model for a person: what it learned from, what it found of saves that it had not seen, and what came of it. */
export function metricsLines({ version, status, note, dimensions, users, pins, saves, metrics }: Model): string[] {
  const learned = `${count(saves)} saves of ${count(users)} users and ${count(pins)} pins`;
  return [
    `${version}: ${status}. ${note}`,
    `  learned from ${learned}, ${dimensions} dimensions`,
    ...(metrics
      ? [
          `  on one kept-out save of each of ${count(metrics.users)} users:`,
          ...columns([
            ["", "HR@10", "NDCG@10"],
            ["    among 99 others", rate(metrics.sampledHitRateAt10), rate(metrics.sampledNdcgAt10)],
            ["    among all pins", rate(metrics.fullHitRateAt10), rate(metrics.fullNdcgAt10)],
          ]),
          `    ${(metrics.coverageAt10 * 100).toFixed(0)} % of all pins are in somebody's first ten`,
        ]
      : ["  not measured: too few users have five saves"]),
  ];
}

/** A line a model, the newest first. */
export function modelTable(models: readonly Model[]): string[] {
  if (models.length === 0) return ["There is no model yet: vitrine train makes one."];
  const rows = models.map(({ version, status, createdAt, saves, pins, metrics, progress }) => [
    version,
    status === "training" || status === "candidate" ? `${status} ${Math.round(progress * 100)} %` : status,
    createdAt.slice(0, 16).replace("T", " "),
    count(saves),
    count(pins),
    metrics ? rate(metrics.sampledHitRateAt10) : "–",
    metrics ? rate(metrics.fullHitRateAt10) : "–",
  ]);
  return columns([["version", "status", "begun", "saves", "pins", "sampled HR@10", "full HR@10"], ...rows], 3);
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function rate(share: number): string {
  return share.toFixed(4);
}
