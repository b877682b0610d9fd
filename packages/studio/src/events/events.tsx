import { type Client, VitrineError } from "@vitrine/client";
import type { EventType } from "@vitrine/contracts";
import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { useSession } from "../session/session.tsx";
import { Dwell } from "./dwell.ts";
import { EventQueue } from "./event-queue.ts";

export interface Events {
  add(type: EventType, pinId: string): void;
  /** Reports after `millis` unless the answered function takes it back. */
  hold(type: EventType, pinId: string, millis: number): () => void;
  /** Follows an `<article data-pin-id>` on the screen; the answer ends it. */
  watch(element: Element): () => void;
  /** Sends what waits: the page is being left, or the viewer changes. */
  flush(): void;
}

/** What nobody does is not reported. */
const unreported: Events = {
  add: () => undefined,
  hold: () => () => undefined,
  watch: () => () => undefined,
  flush: () => undefined,
};

const EventsContext = createContext<Events>(unreported);

export function useEvents(): Events {
  return useContext(EventsContext);
}

/** Reports what the present user does, each user's events under that user's own token. */
export function EventsProvider({ children }: { children: ReactNode }) {
  const { api, user } = useSession();
  const isSomebody = user !== null;
  const events = useMemo(() => (isSomebody ? reporting(api) : unreported), [api, isSomebody]);

  useEffect(() => {
    const hide = () => document.visibilityState === "hidden" && events.flush();
    addEventListener("pagehide", events.flush);
    document.addEventListener("visibilitychange", hide);
    return () => {
      events.flush();
      removeEventListener("pagehide", events.flush);
      document.removeEventListener("visibilitychange", hide);
    };
  }, [events]);

  return <EventsContext value={events}>{children}</EventsContext>;
}

function reporting(api: Client): Events {
  const queue = new EventQueue({
    // keepalive always: any batch may still be under way when the page is left.
    send: (batch) => api.events.send(batch, { keepalive: true }),
    isTransient: (error) => error instanceof VitrineError && (error.status === 0 || error.status >= 500),
    newId: () => `web.${crypto.randomUUID()}`,
    now: Date.now,
    schedule,
  });
  return {
    add: (type, pinId) => queue.add(type, pinId),
    hold: (type, pinId, millis) => queue.hold(type, pinId, millis),
    watch: watcherOf(new Dwell((pinId) => queue.add("view", pinId), schedule)),
    flush: () => queue.flush(),
  };
}

/** One observer for all pins: half of a picture has to be on the screen. */
function watcherOf(dwell: Dwell): Events["watch"] {
  const pinIdOf = (element: Element) => element.getAttribute("data-pin-id") ?? "";
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries) {
        if (intersectionRatio >= 0.5) dwell.enter(pinIdOf(target));
        else dwell.leave(pinIdOf(target));
      }
    },
    { threshold: 0.5 },
  );
  return (element) => {
    observer.observe(element);
    return () => {
      observer.unobserve(element);
      dwell.leave(pinIdOf(element));
    };
  };
}

function schedule(work: () => void, millis: number): () => void {
  const timer = setTimeout(work, millis);
  return () => clearTimeout(timer);
}
