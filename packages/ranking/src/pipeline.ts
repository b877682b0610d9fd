/** The feed as a value: its sources, filters, scorers and selector, in the order they run. */
import type { Candidate, ScoredCandidate } from "./candidate.ts";
import type { FeedContext, FragmentRequest } from "./context.ts";
import { type Filter, notKnown, notOwn, notShown, notWithheld } from "./filters.ts";
import {
  aversion,
  freshness,
  momentum,
  popularity,
  relevance,
  repetition,
  type Scorer,
  sourcePrior,
} from "./scorers.ts";
import { type Selector, selectDiverse } from "./selector.ts";
import { followedSource, freshSource, interestSource, type Source, trendingSource } from "./sources.ts";

export interface Pipeline {
  sources: Record<string, Source>;
  filters: Record<string, Filter>;
  scorers: Record<string, Scorer>;
  selector: Selector;
}

export const feedPipeline = {
  sources: { interests: interestSource, trending: trendingSource, fresh: freshSource, followed: followedSource },
  filters: { notShown, notKnown, notOwn, notWithheld },
  scorers: { relevance, momentum, popularity, freshness, sourcePrior, aversion, repetition },
  selector: selectDiverse,
} as const satisfies Pipeline;

/** The fragments that a page is composed of, each once. */
export function planFragments({ sources }: Pipeline, context: FeedContext): FragmentRequest[] {
  return Object.values(sources).flatMap((source) => source(context));
}

export interface ComposedPage {
  page: ScoredCandidate[];
  /** How many different pins passed the filters: more than stand on the page when there is more to show. */
  admitted: number;
}

/** Filters, scores and selects a page of at most `size` out of the fragments' candidates. */
export function composePage(
  pipeline: Pipeline,
  candidates: readonly Candidate[],
  { context, size }: { context: FeedContext; size: number },
): ComposedPage {
  const filters = Object.values(pipeline.filters);
  const scorers = Object.values(pipeline.scorers);
  const scored = candidates
    .filter((candidate) => filters.every((filter) => filter(candidate, context)))
    .map((candidate) => ({
      ...candidate,
      score: scorers.reduce((sum, { weight, score }) => sum + weight * score(candidate, context), 0),
    }));
  return {
    page: pipeline.selector(scored, { size, position: context.exclusions.shown.size, seed: context.seed }),
    admitted: new Set(scored.map(({ pin }) => pin.id)).size,
  };
}
