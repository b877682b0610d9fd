import type { PinCard } from "@vitrine/contracts";
import { useMemo, useState } from "react";
import { useEvents } from "../events/events.tsx";
import { PinDialog } from "../pin/pin-dialog.tsx";
import { useSession } from "../session/session.tsx";
import { toastMillis, useToast } from "../toast/toasts.tsx";
import { FeedEnd } from "./feed-end.tsx";
import { FeedError } from "./feed-error.tsx";
import { Intro } from "./intro.tsx";
import { PinWall } from "./pin-wall.tsx";
import { Skeleton } from "./skeleton.tsx";
import { useFeed } from "./use-feed.ts";
import { wallItems } from "./wall.ts";
import "./feed.css";

export function Feed() {
  const feed = useFeed();
  const { hidden, hide } = useHidden();
  const items = useMemo(() => wallItems(feed.data, hidden), [feed.data, hidden]);
  const newest = feed.data?.pages.at(-1);

  return (
    <div className="feed">
      <Intro region={newest?.region ?? null} degraded={newest?.degraded ?? []} />
      {feed.isPending && <Skeleton />}
      {feed.isError && items.length === 0 && <FeedError error={feed.error} onRetry={() => void feed.refetch()} isBig />}
      {feed.data && (
        <>
          <PinWall items={items} isFormer={feed.isPlaceholderData} onHide={hide} />
          {feed.isFetchNextPageError ? (
            <FeedError error={feed.error} onRetry={() => void feed.fetchNextPage()} />
          ) : (
            <FeedEnd
              count={items.length}
              hasMore={feed.hasNextPage}
              isLoading={feed.isFetching}
              onReached={() => void feed.fetchNextPage()}
            />
          )}
        </>
      )}
      <PinDialog items={items} onHide={hide} onNearEnd={() => feed.hasNextPage && void feed.fetchNextPage()} />
    </div>
  );
}

/** Hidden pins leave at once; the API hears of it when the time to undo is over. */
function useHidden() {
  const userId = useSession().user?.id;
  const { hold } = useEvents();
  const show = useToast();
  const [hidden, setHidden] = useState<{ by: string | undefined; ids: ReadonlySet<string> }>({
    by: userId,
    ids: new Set(),
  });
  const ids = hidden.by === userId ? hidden.ids : nothing;

  const hide = (pin: PinCard) => {
    const takeBack = hold("hide", pin.id, toastMillis);
    setHidden({ by: userId, ids: new Set([...ids, pin.id]) });
    const undo = () => {
      takeBack();
      setHidden(({ by, ids: latest }) => ({ by, ids: new Set([...latest].filter((id) => id !== pin.id)) }));
    };
    show({ text: "Hidden. You will see less like it", color: pin.color, action: { label: "Undo", run: undo } });
  };
  return { hidden: ids, hide };
}

const nothing: ReadonlySet<string> = new Set();
