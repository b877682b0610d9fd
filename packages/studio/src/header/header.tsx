import { useState } from "react";
import { OperatorLink } from "../operator/operator-link.tsx";
import { SavedPanel } from "../saves/saved-panel.tsx";
import { useSaves } from "../saves/saves.tsx";
import { useSession } from "../session/session.tsx";
import { UserPicker } from "../session/user-picker.tsx";
import { Wordmark } from "./wordmark.tsx";
import "./header.css";

export function Header() {
  const { user } = useSession();
  const { items, hasMore } = useSaves();
  const [isPanelOpen, setPanelOpen] = useState(false);

  return (
    <header className="header">
      <a className="header__home" href="#/">
        <Wordmark />
      </a>
      <div className="header__tools">
        {user && (
          <button type="button" className="header__saved" onClick={() => setPanelOpen(true)}>
            <span className="header__dot" aria-hidden="true" />
            <span className="header__word">My saves</span>
            <span className="header__count">
              {items.length}
              {hasMore && "+"}
            </span>
          </button>
        )}
        <UserPicker />
        <OperatorLink />
      </div>
      {isPanelOpen && user && <SavedPanel user={user} onClose={() => setPanelOpen(false)} />}
    </header>
  );
}
