import { useQuery } from "@tanstack/react-query";
import type { Client } from "@vitrine/client";
import type { Experiment, ExperimentResults } from "@vitrine/contracts";
import { count, date, pValue } from "./figures.ts";
import { IntervalPlot } from "./interval-plot.tsx";
import { operatorKey } from "./operator-session.tsx";
import { ResultsTable } from "./results-table.tsx";
import { Failure, Waiting } from "./state.tsx";
import { metricName, verdictName } from "./words.ts";

/** What an experiment shows by now. Asked for once and on demand: D1 sums up all exposed users each time. */
export function ExperimentOutcome({ api, experiment }: { api: Client; experiment: Experiment }) {
  const { id, status, minimumDetectableEffect } = experiment;
  const isDraft = status === "draft";
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [operatorKey, "results", id, status],
    queryFn: ({ signal }) => api.experiments.results(id, { signal }),
    enabled: !isDraft,
  });

  return (
    <section className="outcome" aria-labelledby="outcome-title" aria-busy={isFetching}>
      <header className="outcome__head">
        <h2 id="outcome-title">What it shows</h2>
        {data && (
          <button type="button" className="button" disabled={isFetching} onClick={() => void refetch()}>
            {isFetching ? "Looking …" : "Look again"}
          </button>
        )}
      </header>
      {isDraft && <p className="operator__lead">Nothing yet: a draft is seen by nobody. Start it below.</p>}
      {!isDraft && !data && !error && <Waiting what="The outcomes of all exposed users are being summed up." />}
      {error && <Failure title="The results did not come" error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Verdict results={data} />
          <IntervalPlot results={data} wanted={minimumDetectableEffect} />
          <ResultsTable results={data} metric={metricName[data.metric]} />
          <Progress results={data} />
          <p className="outcome__note">
            As of {date(data.until)}, {metricName[data.metric]}, of what users did after their first page of the
            experiment.
            {data.isTruncated && " Only the first 100,000 exposed users of each database are counted."}
          </p>
        </>
      )}
    </section>
  );
}

function Verdict({ results: { verdict, sentence, sampleRatio } }: { results: ExperimentResults }) {
  const chance = sampleRatio.pValue === null ? "" : ` (p ${pValue(sampleRatio.pValue)})`;
  return (
    <div className={`verdict verdict--${verdict}`} role="status" data-testid="verdict">
      <h3>{verdictName[verdict]}</h3>
      <p>{sentence}</p>
      <p className="verdict__ratio">
        {sampleRatio.isMismatched
          ? `Sample ratio mismatch${chance}: users are not in the shares of their variants.`
          : sampleRatio.pValue !== null && `Users are in the shares of their variants${chance}.`}
      </p>
    </div>
  );
}

/** How far it is to the users that the effect looked for takes, by the variant that has fewest. */
function Progress({ results: { variants, usersNeeded } }: { results: ExperimentResults }) {
  if (usersNeeded === null) return null;
  const fewest = Math.min(...variants.map(({ users }) => users));
  return (
    <label className="outcome__progress">
      <span>
        {count(fewest)} of {count(usersNeeded)} users a variant, which a single look at the effect looked for would take
      </span>
      <progress value={Math.min(fewest, usersNeeded)} max={usersNeeded} />
    </label>
  );
}
