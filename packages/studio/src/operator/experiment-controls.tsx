import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Client } from "@vitrine/client";
import type { Experiment } from "@vitrine/contracts";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { share } from "./figures.ts";
import { operatorKey } from "./operator-session.tsx";
import { trafficOfPercent } from "./traffic.ts";

/** Starts a draft, gives a running experiment more users, and stops it for good. */
export function ExperimentControls({ api, experiment }: { api: Client; experiment: Experiment }) {
  const { id, name, status, traffic } = experiment;
  const [isStopping, setStopping] = useState(false);
  const change = useChange(id);
  if (status === "stopped") return null;
  const isDraft = status === "draft";
  const isFull = traffic >= 1;

  return (
    <section aria-labelledby="controls-title">
      <h2 id="controls-title">{isDraft ? "Start it" : "Go on, or stop"}</h2>
      <p className="operator__lead">
        {isDraft
          ? "Within two minutes every edge assigns users. The traffic can grow later, but never shrink."
          : "More traffic moves nobody from one variant to another. Stopping is for good; the results stay."}
      </p>
      <div className="controls">
        {(isDraft || !isFull) && (
          // The key: what was typed is about the traffic that was.
          <TrafficForm
            key={`${status} ${traffic}`}
            least={isDraft ? 0.01 : traffic * 100}
            initial={isDraft ? traffic * 100 : Math.min(100, traffic * 200)}
            word={isDraft ? "Start" : "Give more users"}
            isBusy={change.isPending}
            onSubmit={(wanted) => change.mutate(() => api.experiments.start(id, { traffic: wanted }))}
          />
        )}
        {!isDraft && (
          <button type="button" className="button" disabled={change.isPending} onClick={() => setStopping(true)}>
            Stop for good
          </button>
        )}
      </div>
      <p className="operator__complaint" role="alert">
        {change.error?.message}
      </p>
      {isStopping && (
        <ConfirmDialog
          title={`Stop ${name}?`}
          text={`Within two minutes its ${share(traffic)} of users see the feed as everybody does. It cannot be started again.`}
          word="Stop for good"
          onConfirm={() => change.mutate(() => api.experiments.stop(id))}
          onClose={() => setStopping(false)}
        />
      )}
    </section>
  );
}

interface TrafficFormProps {
  /** Percent of all users. */
  least: number;
  initial: number;
  word: string;
  isBusy: boolean;
  onSubmit(traffic: number): void;
}

function TrafficForm({ least, initial, word, isBusy, onSubmit }: TrafficFormProps) {
  const [percent, setPercent] = useState(() => String(Number(initial.toFixed(2))));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(trafficOfPercent(percent));
  };
  return (
    <form className="traffic" onSubmit={submit}>
      <label>
        Traffic, % of all users
        <input
          className="field"
          type="number"
          inputMode="decimal"
          required
          min={Number(least.toFixed(2))}
          max={100}
          step={0.01}
          value={percent}
          onChange={(event) => setPercent(event.currentTarget.value)}
        />
      </label>
      <button type="submit" className="button button--filled" disabled={isBusy}>
        {isBusy ? "One moment …" : word}
      </button>
    </form>
  );
}

/** One change at a time; what the API answers is what the page shows from then on. */
function useChange(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (work: () => ReturnType<Client["experiments"]["get"]>) => work(),
    onSuccess: (changed) => {
      queryClient.setQueryData([operatorKey, "experiment", id], changed);
      void queryClient.invalidateQueries({ queryKey: [operatorKey, "experiments"] });
      void queryClient.invalidateQueries({ queryKey: [operatorKey, "results", id] });
    },
    // Somebody else may have been first, and then the page is old.
    onError: () => void queryClient.invalidateQueries({ queryKey: [operatorKey, "experiment", id] }),
  });
}
