import { useQuery } from "@tanstack/react-query";
import type { Client } from "@vitrine/client";
import type { Experiment } from "@vitrine/contracts";
import { date, share } from "./figures.ts";
import { operatorKey } from "./operator-session.tsx";
import { experimentAddress } from "./place.ts";
import { Empty, Failure, Status, Waiting } from "./state.tsx";
import { metricName, statusMark } from "./words.ts";

/** The newest experiments, those that run before all others. */
export function ExperimentList({ api }: { api: Client }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: [operatorKey, "experiments"],
    queryFn: ({ signal }) => api.experiments.list({ signal }),
  });
  const items = (data?.items ?? []).toSorted((a, b) => Number(isRunning(b)) - Number(isRunning(a)));
  const running = items.filter(isRunning).length;

  return (
    <section aria-labelledby="experiments-title">
      <h1 id="experiments-title">Experiments</h1>
      {isPending && <Waiting what="The experiments are on their way." />}
      {error && !data && <Failure title="The experiments did not come" error={error} onRetry={() => void refetch()} />}
      {data && items.length > 0 && (
        <p className="operator__lead">{`${running === 0 ? "None" : running} of ${items.length} running. Experiments of one layer never share a user.`}</p>
      )}
      {data && items.length === 0 && (
        <Empty title="No experiment yet">
          <p>
            Define one with <code>POST /v1/experiments</code> or <code>experiments.create</code> of the client. It
            appears here as a draft, and nobody sees it before you start it.
          </p>
        </Empty>
      )}
      <ul className="experiments" data-testid="experiments">
        {items.map((experiment) => (
          <li key={experiment.id}>
            <Entry experiment={experiment} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ experiment }: { experiment: Experiment }) {
  const { id, name, status, layer, traffic, variants, primaryMetric, createdAt, startedAt, stoppedAt } = experiment;
  const when = stoppedAt
    ? `stopped ${date(stoppedAt)}`
    : startedAt
      ? `since ${date(startedAt)}`
      : `defined ${date(createdAt)}`;
  return (
    <article className="experiment-entry">
      <div>
        <h2>
          <a href={experimentAddress(id)}>{name}</a>
        </h2>
        <p className="operator__id">{id}</p>
      </div>
      <Status word={status} mark={statusMark[status]} />
      <p>
        {share(traffic)} of users · layer {layer} · {variants.length} variants · {metricName[primaryMetric]} · {when}
      </p>
    </article>
  );
}

function isRunning({ status }: Experiment): boolean {
  return status === "running";
}
