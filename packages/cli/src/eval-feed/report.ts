/** What an evaluation found, for a person: a table beside the figures of plain models, then what it took. */
import type { Model } from "@vitrine/contracts";
import { clock } from "../import/progress.ts";
import type { Troubles } from "../measures/asking.ts";
import { columns } from "../measures/columns.ts";
import type { NewcomerFigures } from "./newcomers.ts";
import type { FullFigures, PairedDifference } from "./questions.ts";
import { references } from "./references.ts";
import type { RankFigures } from "./tally.ts";

export interface EvalFeedReport {
  data: { users: number; pins: number; saves: number; takenOut: number; negativesPerUser: number };
  model: Model;
  trainingSeconds: number;
  sampled: RankFigures;
  full: FullFigures;
  popularity: { sampled: RankFigures; full: FullFigures };
  newUsers: NewcomerFigures[];
  /** The feed against the same users' ranking of all pins; null where nobody was asked. */
  fragments: ({ without: FullFigures } & PairedDifference) | null;
  /** Pins on the pages by why they are there. */
  reasons: Record<string, number>;
  troubles: Troubles;
  /** Seconds by step. */
  steps: Record<string, number>;
  totalSeconds: number;
  peakWorkerdBytes: number | null;
  /** Of this command itself. */
  peakCommandBytes: number;
}

const referenceColumns = ["random save", "paper's item"] as const;

export function reportLines(report: EvalFeedReport): string[] {
  const { sampled, full, popularity, newUsers, fragments } = report;
  const among = `among ${report.data.negativesPerUser}`;
  const rows = [
    ["", "users", "measured", "± 1 s.e.", ...referenceColumns],
    row(`HR@10 ${among}`, sampled.users, sampled.hitRateAt10, sampled.hitRateError, "sampledHitRateAt10"),
    row(`NDCG@10 ${among}`, sampled.users, sampled.ndcgAt10, sampled.ndcgError, "sampledNdcgAt10"),
    row("HR@10 of the feed", full.users, full.hitRateAt10, full.hitRateError, "fullHitRateAt10"),
    row("NDCG@10 of the feed", full.users, full.ndcgAt10, full.ndcgError),
    row("coverage@10 of the feed", full.users, full.coverageAt10, null, "coverageAt10"),
    ...newUsers.flatMap(({ known, figures }) => [
      newUserRow(known, figures),
      row("  NDCG@10", figures.users, figures.ndcgAt10, figures.ndcgError),
    ]),
    ...(fragments ? fragmentRows(fragments) : []),
    row(
      `popularity: HR@10 ${among}`,
      popularity.sampled.users,
      popularity.sampled.hitRateAt10,
      popularity.sampled.hitRateError,
    ),
    row(
      `popularity: NDCG@10 ${among}`,
      popularity.sampled.users,
      popularity.sampled.ndcgAt10,
      popularity.sampled.ndcgError,
    ),
    row(
      "popularity: HR@10 of all",
      popularity.full.users,
      popularity.full.hitRateAt10,
      popularity.full.hitRateError,
      "popularityFullHitRateAt10",
    ),
  ];
  return [...columns(rows), "", ...tail(report)];
}

type ReferenceName =
  | "sampledHitRateAt10"
  | "sampledNdcgAt10"
  | "fullHitRateAt10"
  | "coverageAt10"
  | "popularityFullHitRateAt10";

function row(what: string, users: number, value: number, error: number | null, reference?: ReferenceName): string[] {
  const beside = referenceColumns.map((name) => (reference ? references[name][reference].toFixed(4) : "–"));
  return [what, String(users), value.toFixed(4), error === null ? "–" : error.toFixed(4), ...beside];
}

function newUserRow(known: NewcomerFigures["known"], figures: RankFigures): string[] {
  const what = known === "all" ? "new users, all saves: HR@10" : `new users, ${known} saved: HR@10`;
  const beside = referenceColumns.map((name) => {
    const byKnown: Record<string, number> = references[name].newUsers;
    return byKnown[String(known)]?.toFixed(4) ?? "–";
  });
  return [what, String(figures.users), figures.hitRateAt10.toFixed(4), figures.hitRateError.toFixed(4), ...beside];
}

function fragmentRows({
  without,
  users,
  relative,
  difference,
  differenceError,
}: NonNullable<EvalFeedReport["fragments"]>) {
  const dashes = referenceColumns.map(() => "–");
  const change = `${(relative * 100).toFixed(1)} %`;
  return [
    row("without fragments: HR@10 of all", without.users, without.hitRateAt10, without.hitRateError),
    row("without fragments: coverage@10", without.users, without.coverageAt10, null),
    [
      `  fragments change HR@10 by ${change}`,
      String(users),
      difference.toFixed(4),
      differenceError.toFixed(4),
      ...dashes,
    ],
  ];
}

function tail({ model, trainingSeconds, data, troubles, reasons, steps, ...report }: EvalFeedReport): string[] {
  const mebibytes = (bytes: number | null) => (bytes === null ? "unknown" : `${Math.round(bytes / 2 ** 20)} MiB`);
  const taken = Object.entries(steps).map(([step, seconds]) => `${step.toLowerCase()} ${clock(seconds)}`);
  return [
    `${data.users} users, ${data.pins} pins, ${data.saves} saves (${data.takenOut} held-out ones taken out); ${model.version}, ` +
      `${model.dimensions} dimensions, trained in ${trainingSeconds.toFixed(1)} s.`,
    `Pins on the pages: ${counted(reasons)}.`,
    `Answers without something: ${counted(troubles.degraded)}. Questions without an answer: ${counted(troubles.errors)}.`,
    `${clock(report.totalSeconds)} in all: ${taken.join(", ")}.`,
    `At most ${mebibytes(report.peakWorkerdBytes)} in workerd (all Workers and databases), ${mebibytes(report.peakCommandBytes)} in this command.`,
    "References: plain published models on the Pinterest saves of He et al. 2017; of other files they say nothing.",
  ];
}

function counted(counts: Record<string, number>): string {
  const parts = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return parts.map(([name, count]) => `${count} ${name}`).join(", ") || "none";
}
