/** Who looks: nobody, a demo user, or whoever a pasted token belongs to. */
import { useQuery } from "@tanstack/react-query";
import type { Client } from "@vitrine/client";
import type { User } from "@vitrine/contracts";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { clientOf } from "../api.ts";
import { keepHandle, keepToken, keptHandle, keptToken } from "./kept.ts";
import { userIdOf } from "./token.ts";

export interface Session {
  /** False until it is known who looks, so that no feed is loaded twice. */
  isSettled: boolean;
  user: User | null;
  /** Calls the API as `user`. */
  api: Client;
  /** Null where this is no demo: then one signs in with a token. */
  demoUsers: User[] | null;
  /** Becomes a demo user, or nobody. */
  choose(handle: string | null): Promise<void>;
  /** Becomes the user of a token; throws when it is no good. */
  signIn(token: string): Promise<void>;
  signOut(): void;
}

const nobody = { user: null, api: clientOf(null) };

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession belongs inside SessionProvider");
  return session;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [viewer, become] = useState<{ user: User | null; api: Client }>(nobody);
  const [isSettled, setSettled] = useState(false);
  // Answers 404 where DEMO_MODE is off, which is no fault.
  const demo = useQuery({ queryKey: ["demo-users"], queryFn: ({ signal }) => nobody.api.demo.users({ signal }) });
  const demoUsers = demo.data?.users ?? null;

  const actions = useMemo(
    () => ({
      async choose(handle: string | null) {
        keepHandle(handle);
        if (handle === null) return become(nobody);
        const { user, token } = await nobody.api.demo.session(handle);
        become({ user, api: clientOf(token) });
      },
      async signIn(token: string) {
        const api = clientOf(token);
        become({ user: await api.users.get(userIdOf(token)), api });
        keepToken(token);
      },
      signOut() {
        keepToken(null);
        become(nobody);
      },
    }),
    [],
  );

  useEffect(() => {
    if (demo.isPending) return;
    const handle = keptHandle();
    const token = keptToken();
    const comeBack = async () => {
      if (demoUsers?.some((each) => each.handle === handle)) await actions.choose(handle);
      else if (!demoUsers && token) await actions.signIn(token);
    };
    // Whoever is no longer known looks anonymously; the picker is right there.
    comeBack()
      .catch(() => undefined)
      .finally(() => setSettled(true));
  }, [demo.isPending, demoUsers, actions]);

  const session = useMemo(
    () => ({ isSettled, demoUsers, ...viewer, ...actions }),
    [isSettled, demoUsers, viewer, actions],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}
