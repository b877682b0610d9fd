import { lazy, Suspense } from "react";
import { EventsProvider } from "./events/events.tsx";
import { Feed } from "./feed/feed.tsx";
import { Header } from "./header/header.tsx";
import { NotLoaded } from "./operator/not-loaded.tsx";
import { OperatorProvider } from "./operator/operator-session.tsx";
import { useOperatorPlace } from "./operator/place.ts";
import { SavesProvider } from "./saves/saves.tsx";
import { SessionProvider } from "./session/session.tsx";
import { ToastProvider } from "./toast/toasts.tsx";

/** Few who open the page are operators, so only they load it. */
const Operator = lazy(() => import("./operator/operator.tsx").catch(() => ({ default: NotLoaded })));

export function App() {
  const place = useOperatorPlace();
  return (
    <OperatorProvider>
      {place ? (
        <Suspense>
          <Operator place={place} />
        </Suspense>
      ) : (
        <Visit />
      )}
    </OperatorProvider>
  );
}

function Visit() {
  return (
    <ToastProvider>
      <SessionProvider>
        <EventsProvider>
          <SavesProvider>
            <a className="skip-link" href="#wall">
              Skip to the pictures
            </a>
            <Header />
            <main id="wall" tabIndex={-1}>
              <Feed />
            </main>
          </SavesProvider>
        </EventsProvider>
      </SessionProvider>
    </ToastProvider>
  );
}
