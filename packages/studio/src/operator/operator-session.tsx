/**
 * The right to read and steer experiments and models: a token of scope `service`, which an operator pastes.
 *
 * It may act as anybody, so it is kept in the memory of this page and nowhere else: no storage, no address, no key of
 * a query. A reload, closing the tab or "Forget the token" ends it.
 */
import { useQueryClient } from "@tanstack/react-query";
import type { Client } from "@vitrine/client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { clientOf } from "../api.ts";

export interface OperatorSession {
  /** Null before a token was given. */
  api: Client | null;
  /** Asks the API whether it takes the token; throws its sentence when it does not. */
  enter(token: string): Promise<void>;
  /** Forgets the token and what was read with it. */
  leave(): void;
}

/** What was read as an operator stands under this in the cache of queries. */
export const operatorKey = "operator";

const OperatorContext = createContext<OperatorSession | null>(null);

export function useOperatorSession(): OperatorSession {
  const session = useContext(OperatorContext);
  if (!session) throw new Error("useOperatorSession belongs inside OperatorProvider");
  return session;
}

export function OperatorProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const [api, setApi] = useState<Client | null>(null);
  const session = useMemo(
    () => ({
      api,
      async enter(token: string) {
        const client = clientOf(token);
        queryClient.setQueryData([operatorKey, "experiments"], await client.experiments.list());
        setApi(client);
      },
      leave() {
        setApi(null);
        queryClient.removeQueries({ queryKey: [operatorKey] });
      },
    }),
    [api, queryClient],
  );
  return <OperatorContext value={session}>{children}</OperatorContext>;
}
