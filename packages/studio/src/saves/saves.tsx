import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { PinCard, SavedPin } from "@vitrine/contracts";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useRehang } from "../feed/use-feed.ts";
import { useSession } from "../session/session.tsx";
import { useToast } from "../toast/toasts.tsx";

/** What the panel and the marks on the wall need of a save; one made a moment ago has no more. */
export type KeptSave = Pick<SavedPin, "pinId"> & { pin: PinCard };

export interface Saves {
  /** Newest first. */
  items: KeptSave[];
  isPending: boolean;
  hasMore: boolean;
  loadMore(): void;
  isSaved(pinId: string): boolean;
  /** Saves or takes back: shown at once, undone when the API refuses. */
  toggle(pin: PinCard): void;
}

interface KeptPage {
  items: KeptSave[];
  cursor: string | null;
}

type Kept = InfiniteData<KeptPage, string | null>;

const savesPerPage = 200;

const SavesContext = createContext<Saves | null>(null);

export function useSaves(): Saves {
  const saves = useContext(SavesContext);
  if (!saves) throw new Error("useSaves belongs inside SavesProvider");
  return saves;
}

export function SavesProvider({ children }: { children: ReactNode }) {
  const { user, api } = useSession();
  const queryKey = useMemo(() => ["saves", user?.id], [user]);
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }): Promise<KeptPage> =>
      api.users.saves(user?.id ?? "", { limit: savesPerPage, cursor: pageParam, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    enabled: user !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const toggle = useToggle(queryKey);

  const saves = useMemo(() => {
    const items = query.data?.pages.flatMap((page) => page.items) ?? [];
    const ids = new Set<string>(items.map(({ pinId }) => pinId));
    return {
      items,
      isPending: query.isPending,
      hasMore: query.hasNextPage,
      loadMore: () => void query.fetchNextPage(),
      isSaved: (pinId: string) => ids.has(pinId),
      toggle: (pin: PinCard) => void toggle(pin, ids.has(pin.id)),
    };
  }, [query.data, query.isPending, query.hasNextPage, query.fetchNextPage, toggle]);

  return <SavesContext value={saves}>{children}</SavesContext>;
}

function useToggle(queryKey: unknown[]) {
  const { user, api } = useSession();
  const queryClient = useQueryClient();
  const rehang = useRehang();
  const show = useToast();

  const mark = (pin: PinCard, isSaved: boolean) =>
    queryClient.setQueryData<Kept>(queryKey, (kept) => {
      const { pages, pageParams } = kept ?? { pages: [{ items: [], cursor: null }], pageParams: [null] };
      const without = pages.map((page) => ({ ...page, items: page.items.filter(({ pinId }) => pinId !== pin.id) }));
      if (isSaved) without[0]?.items.unshift({ pinId: pin.id, pin });
      return { pages: without, pageParams };
    });

  return async (pin: PinCard, wasSaved: boolean) => {
    if (!user) return show({ text: "Choose who you are above, and what you save is kept." });
    await queryClient.cancelQueries({ queryKey });
    mark(pin, !wasSaved);
    try {
      if (wasSaved) await api.saves.delete(pin.id);
      else await api.saves.create({ pinId: pin.id });
    } catch (error) {
      mark(pin, wasSaved);
      return show({ text: error instanceof Error ? error.message : "That did not work; try again." });
    }
    if (wasSaved) return show({ text: "Taken off your saves", color: pin.color });
    const isRehung = await rehang(pin.id);
    show({ text: isRehung ? "Your feed has moved towards this" : "Saved", color: pin.color });
  };
}
