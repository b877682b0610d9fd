import { useQuery } from "@tanstack/react-query";
import type { Client } from "@vitrine/client";
import type { Model, ModelMetrics } from "@vitrine/contracts";
import { count, date, share } from "./figures.ts";
import { operatorKey } from "./operator-session.tsx";
import { Empty, Failure, Status, Waiting } from "./state.tsx";
import { modelMark } from "./words.ts";

/** An epoch takes a second or more. */
const trainingMillis = 5_000;

/** Trained models, newest first, and how far the one is that is being trained. Put back by `vitrine models serve`. */
export function ModelList({ api }: { api: Client }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: [operatorKey, "models"],
    queryFn: ({ signal }) => api.models.list({ signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.models.some(isUnderWay) ? trainingMillis : false),
  });
  const models = data?.models ?? [];
  const serving = models.find(({ status }) => status === "serving");

  return (
    <section aria-labelledby="models-title">
      <h1 id="models-title">Models</h1>
      {isPending && <Waiting what="The models are on their way." />}
      {error && <Failure title="The models did not come" error={error} onRetry={() => void refetch()} />}
      {data && models.length > 0 && (
        <p className="operator__lead">
          {serving ? `${serving.version} serves. ` : "None serves: feeds go by sight and by what is trending. "}
          <code>vitrine models serve VERSION</code> puts another one in its place.
        </p>
      )}
      {data && models.length === 0 && (
        <Empty title="No model yet">
          <p>
            The first is trained by itself once there are 1,000 saves, or now by <code>vitrine train</code>. Until then
            feeds go by sight and by what is trending.
          </p>
        </Empty>
      )}
      <ul className="models" data-testid="models">
        {models.map((model) => (
          <li key={model.version}>
            <Entry model={model} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ model: { version, status, createdAt, note, progress, metrics, ...sizes } }: { model: Model }) {
  return (
    <article className="model">
      <header>
        <h2>{version}</h2>
        <Status word={status} mark={modelMark[status]} />
      </header>
      <p className="operator__id">
        {date(createdAt)} · {count(sizes.saves)} saves of {count(sizes.users)} users and {count(sizes.pins)} pins ·{" "}
        {sizes.dimensions} dimensions
      </p>
      {note && <p>{note}</p>}
      {isUnderWay({ status }) && <progress aria-label={`Training of ${version}`} value={progress} max={1} />}
      {metrics && <Metrics metrics={metrics} />}
    </article>
  );
}

function Metrics({ metrics }: { metrics: ModelMetrics }) {
  const figures: [string, string][] = [
    ["HR@10, among 99", share(metrics.sampledHitRateAt10)],
    ["HR@10, among all", share(metrics.fullHitRateAt10)],
    ["NDCG@10, among 99", metrics.sampledNdcgAt10.toFixed(3)],
    ["NDCG@10, among all", metrics.fullNdcgAt10.toFixed(3)],
    ["Coverage@10", share(metrics.coverageAt10)],
    ["Users asked", count(metrics.users)],
  ];
  return (
    <dl className="facts">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function isUnderWay({ status }: Pick<Model, "status">): boolean {
  return status === "training" || status === "candidate";
}
