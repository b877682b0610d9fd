/** Where an operator is, in the address: `#/operator/experiments`, `…/experiments/{id}`, `#/operator/models`. */
import { useMemo, useSyncExternalStore } from "react";

export type OperatorPlace = { page: "experiments" } | { page: "experiment"; id: string } | { page: "models" };

export const experimentsAddress = "#/operator/experiments";
export const modelsAddress = "#/operator/models";

/** An id is a name of a-z 0-9 - (contracts/experiments.ts), so it needs no escaping. */
export function experimentAddress(id: string): string {
  return `${experimentsAddress}/${id}`;
}

/** Null where the address is none of an operator's: then the wall hangs. */
export function operatorPlaceOf(hash: string): OperatorPlace | null {
  const [, page, id] = /^#\/operator\/(experiments|models)(?:\/([a-z0-9-]{1,48}))?\/?$/.exec(hash) ?? [];
  if (page === "models") return id === undefined ? { page } : null;
  if (page !== "experiments") return null;
  return id === undefined ? { page } : { page: "experiment", id };
}

export function useOperatorPlace(): OperatorPlace | null {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => operatorPlaceOf(hash), [hash]);
}

/** A followed `#` link is told as popstate too. */
function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  return () => removeEventListener("popstate", listener);
}
