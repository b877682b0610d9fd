/**
 * Which variants a user sees. Nothing is stored for it: the user's bucket in the layer says which experiment, if any, and
 * a bucket under the experiment's own salt says which variant. The two are independent, so growing an experiment's traffic
 * moves nobody between variants, and an experiment inherits nothing from the one that had its buckets before.
 */
import { type FeedSettings, settingNames, type UserId } from "@vitrine/contracts";
import type { FragmentRequest } from "../context.ts";
import { uncappedPlaces } from "../selector.ts";
import { bucketCount, bucketOf } from "./bucket.ts";
import type { RunningExperiment } from "./running.ts";

export interface Assignment {
  experimentId: string;
  variant: string;
  settings: FeedSettings;
  /** Names of the settings that any variant of the experiment changes: the control's too, for both count alike. */
  touched: readonly string[];
}

/** At most one assignment a layer, in the order of the experiments. A microsecond a layer and experiment taken part in. */
export function assign(experiments: readonly RunningExperiment[], userId: UserId): Assignment[] {
  const bucketOfLayer = new Map<string, number>();
  const assignments: Assignment[] = [];
  for (const experiment of experiments) {
    const { id, layer, salt, ranges } = experiment;
    const bucket = bucketOfLayer.get(layer) ?? bucketOf(`layer ${layer}`, userId);
    bucketOfLayer.set(layer, bucket);
    if (!ranges.some(([from, to]) => bucket >= from && bucket < to)) continue;
    const variant = variantAt(experiment, bucketOf(`variant ${salt}`, userId));
    if (variant) {
      const touched = experiment.variants.flatMap(({ settings }) => settingNames(settings));
      assignments.push({ experimentId: id, variant: variant.name, settings: variant.settings, touched });
    }
  }
  return assignments;
}

function variantAt({ variants }: RunningExperiment, bucket: number): RunningExperiment["variants"][number] | undefined {
  let end = 0;
  for (const variant of variants) {
    end += Math.round(variant.share * bucketCount);
    if (bucket < end) return variant;
  }
  return variants.at(-1);
}

/** The settings of all assignments in one. No two layers set the same: starting such an experiment is refused. */
export function mergedSettings(assignments: readonly Assignment[]): FeedSettings {
  let merged: FeedSettings = {};
  for (const { settings } of assignments) {
    const weights = { ...merged.weights, ...settings.weights };
    merged = { ...merged, ...settings, ...(Object.keys(weights).length > 0 ? { weights } : {}) };
  }
  return merged;
}

/** Settings that change the fragments of one source alone; all others change the ranking of every page. */
const sourceOfSetting: Record<string, FragmentRequest["source"]> = { trendingHalfLifeHours: "trending" };

/** Names the settings that change a source's fragments, so that users of the same ones share them; `base` where none does. */
export function fragmentVariantOf(source: FragmentRequest["source"], { trendingHalfLifeHours }: FeedSettings): string {
  return source === "trending" && trendingHalfLifeHours !== undefined ? `half-life-${trendingHalfLifeHours}` : "base";
}

export interface MadePage {
  /** Sources of which something was left out. */
  missing: ReadonlySet<string>;
  /** Places of the scroll up to the end of the page. */
  places: number;
  /** Whether a trained model judged: the first places are its own then, and nobody spaces them. */
  isBlended: boolean;
}

/**
 * The assignments whose experiments had a part in a page. Asked of what the variants touch, and not of what the user's own
 * changes: so that the control counts by the same rule.
 */
export function affecting(assignments: readonly Assignment[], page: MadePage): Assignment[] {
  const isBeyondFirst = page.places > uncappedPlaces;
  const hasPart = (name: string) => {
    if (name === "freshShare") return isBeyondFirst;
    if (name === "crowdingWeight") return isBeyondFirst || !page.isBlended;
    return !page.missing.has(sourceOfSetting[name] ?? "");
  };
  return assignments.filter(({ touched }) => touched.some(hasPart));
}
