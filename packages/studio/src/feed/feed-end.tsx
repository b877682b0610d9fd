import { useEffect, useEffectEvent, useRef } from "react";

export interface FeedEndProps {
  count: number;
  hasMore: boolean;
  isLoading: boolean;
  /** Called when the end comes near the screen, and again after each page for as long as it stays there. */
  onReached(): void;
}

/** How far below the screen the next page is asked for: about a screen and a half of a desk. */
const reach = "1400px";

export function FeedEnd({ count, hasMore, isLoading, onReached }: FeedEndProps) {
  const end = useRef<HTMLDivElement>(null);
  const reached = useEffectEvent(onReached);
  useEffect(() => {
    const element = end.current;
    if (!element || !hasMore || isLoading) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && reached(), {
      rootMargin: `0px 0px ${reach}`,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasMore, isLoading]);

  return (
    <div ref={end} className="feed__end">
      {hasMore && (
        <div className="feed__more" role="status" aria-label="More pictures are on their way">
          <span />
          <span />
          <span />
        </div>
      )}
      {!hasMore && (
        <>
          <span className="feed__end-dot" />
          <p>
            {count > 0
              ? "That is everything on view. Save something, and the wall is hung anew."
              : "Nothing hangs here yet. Pictures that others put in appear here; your own hang on your boards."}
          </p>
        </>
      )}
    </div>
  );
}
