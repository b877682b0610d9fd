import type {
  ExperimentMetric,
  ExperimentStatus,
  ExperimentVariant,
  ExperimentVerdict,
  ModelStatus,
} from "@vitrine/contracts";

export const metricName = {
  "saves-per-user": "saves a user",
  "save-conversion": "share of users who save",
  "closeups-per-user": "closeups a user",
  "saves-per-closeup": "saves a closeup",
} as const satisfies Record<ExperimentMetric, string>;

export const verdictName = {
  "not-started": "Not started",
  broken: "Broken",
  undecided: "Undecided",
  winner: "A winner",
  "control-wins": "The control wins",
} as const satisfies Record<ExperimentVerdict, string>;

type Mark = "on" | "off" | "over" | "bad";

export const statusMark = { draft: "off", running: "on", stopped: "over" } as const satisfies Record<
  ExperimentStatus,
  Mark
>;

export const modelMark = {
  training: "off",
  candidate: "off",
  serving: "on",
  retired: "over",
  rejected: "bad",
  failed: "bad",
  deleted: "over",
} as const satisfies Record<ModelStatus, Mark>;

/** What a variant changes, a setting a line: `weights.momentum 0.8`. */
export function settingLines({ settings: { weights = {}, ...rest } }: ExperimentVariant): string[] {
  const lines = (entries: [string, unknown][]) =>
    entries.filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`);
  return [
    ...lines(Object.entries(weights).map(([name, value]) => [`weights.${name}`, value])),
    ...lines(Object.entries(rest)),
  ];
}
