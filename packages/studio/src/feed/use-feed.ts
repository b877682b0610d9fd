import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useSession } from "../session/session.tsx";
import { knowingPage } from "./knowing-page.ts";
import { hangsOtherwise, rehang, type Wall, type WallPage } from "./wall.ts";

/** Two screens of a desk: enough to scroll at once, and one page of fragments on the server. */
const feedPageSize = 30;

const feedKey = (userId: string | undefined) => ["feed", userId ?? "nobody"];

/** The wall of whoever looks. While another viewer's is on its way, the present one stays up as a placeholder. */
export function useFeed() {
  const { user, api, isSettled } = useSession();
  return useInfiniteQuery({
    queryKey: feedKey(user?.id),
    queryFn: ({ pageParam, signal }): Promise<WallPage> =>
      api.feed.page({ limit: feedPageSize, cursor: pageParam, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    placeholderData: keepPreviousData,
    enabled: isSettled,
    staleTime: Number.POSITIVE_INFINITY,
    // A viewer who comes back is shown the feed of now, not the one of then.
    gcTime: 0,
  });
}

/**
 * Asks for the feed anew, until it knows of what was just done, and hangs it from behind a pin on. Answers whether the
 * wall is another one now: the feed may not answer, it may be the same, and of several calls only the newest counts.
 */
export function useRehang(): (behind: string) => Promise<boolean> {
  const { user, api } = useSession();
  const queryClient = useQueryClient();
  const newest = useRef(0);

  return async (behind) => {
    const own = ++newest.current;
    const queryKey = feedKey(user?.id);
    const wallNow = () => queryClient.getQueryData<Wall>(queryKey);
    // Without a wall there is another viewer by now, or nothing to hang behind.
    const isWanted = () => own === newest.current && wallNow() !== undefined;
    const fresh = await knowingPage(api.feed, { limit: feedPageSize, isWanted, wait, random: Math.random });
    const before = wallNow();
    if (!fresh || !before) return false;
    await queryClient.cancelQueries({ queryKey });
    const after = rehang(before, behind, fresh);
    queryClient.setQueryData<Wall>(queryKey, after);
    return hangsOtherwise(before, after);
  };
}

function wait(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
