import { EventsProvider } from "./events/events.tsx";
import { Feed } from "./feed/feed.tsx";
import { Header } from "./header/header.tsx";
import { SavesProvider } from "./saves/saves.tsx";
import { SessionProvider } from "./session/session.tsx";
import { ToastProvider } from "./toast/toasts.tsx";

export function App() {
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
