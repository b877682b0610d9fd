import { useQuery } from "@tanstack/react-query";
import type { Client } from "@vitrine/client";
import type { Experiment } from "@vitrine/contracts";
import { ExperimentControls } from "./experiment-controls.tsx";
import { ExperimentOutcome } from "./experiment-outcome.tsx";
import { date, share } from "./figures.ts";
import { operatorKey } from "./operator-session.tsx";
import { experimentsAddress } from "./place.ts";
import { Failure, Status, Waiting } from "./state.tsx";
import { metricName, settingLines, statusMark } from "./words.ts";
import "./experiment.css";

/** One experiment: what it is, what it shows, and how it goes on. */
export function ExperimentPage({ api, id }: { api: Client; id: string }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: [operatorKey, "experiment", id],
    queryFn: ({ signal }) => api.experiments.get(id, { signal }),
  });

  return (
    <article className="experiment" data-testid="experiment">
      <a className="operator__back" href={experimentsAddress}>
        All experiments
      </a>
      {isPending && <Waiting what="The experiment is on its way." />}
      {error && !data && <Failure title="The experiment did not come" error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <header className="experiment__head">
            <h1>{data.name}</h1>
            <Status word={data.status} mark={statusMark[data.status]} />
            <p className="operator__id">{data.id}</p>
          </header>
          <ExperimentOutcome api={api} experiment={data} />
          <Definition experiment={data} />
          <ExperimentControls api={api} experiment={data} />
        </>
      )}
    </article>
  );
}

function Definition({ experiment }: { experiment: Experiment }) {
  const { traffic, layer, primaryMetric, minimumDetectableEffect, createdAt, startedAt, stoppedAt } = experiment;
  const facts: [string, string | null][] = [
    ["Traffic", `${share(traffic)} of all users`],
    ["Layer", layer],
    ["Metric", metricName[primaryMetric]],
    ["Effect looked for", minimumDetectableEffect === null ? null : `${share(minimumDetectableEffect)} or more`],
    ["Defined", date(createdAt)],
    ["Started", startedAt && date(startedAt)],
    ["Stopped", stoppedAt && date(stoppedAt)],
  ];
  return (
    <section aria-labelledby="definition-title">
      <h2 id="definition-title">What is compared</h2>
      <dl className="facts">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <ul className="variants">
        {experiment.variants.map((variant, i) => (
          <li key={variant.name}>
            <h3>{variant.name}</h3>
            <p>{share(variant.share)} of these users</p>
            {i === 0 && <p>The control: changes nothing</p>}
            {settingLines(variant).map((line) => (
              <p key={line}>
                <code>{line}</code>
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
