import type { User } from "@vitrine/contracts";
import { useEffect, useRef } from "react";
import { CloseIcon } from "../design/icons.tsx";
import { lightDismiss } from "../design/light-dismiss.ts";
import { pinName } from "../feed/words.ts";
import { openPin } from "../pin/route.ts";
import { useSaves } from "./saves.tsx";
import "./saved-panel.css";

/** What the present user saved, newest first, at the side of the wall. */
export function SavedPanel({ user, onClose }: { user: User; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { items, isPending, hasMore, loadMore } = useSaves();
  useEffect(() => dialog.current?.showModal(), []);

  const close = () => dialog.current?.close();
  const open = (pinId: string) => {
    close();
    openPin(pinId);
  };

  return (
    <dialog
      ref={dialog}
      className="saved-panel"
      data-testid="saved-panel"
      aria-labelledby="saved-title"
      onClose={onClose}
      {...lightDismiss}
    >
      <div className="saved-panel__sheet">
        <header>
          <h2 id="saved-title">Saved by {user.name}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={close}>
            <CloseIcon />
          </button>
        </header>
        {items.length === 0 ? (
          <p>{isPending ? "One moment …" : "Nothing yet. The ring beside a picture saves it."}</p>
        ) : (
          <p>What the wall goes by, newest first.</p>
        )}
        <ul>
          {items.map(({ pin }) => (
            <li key={pin.id}>
              <button
                type="button"
                aria-label={pinName(pin)}
                style={{ background: pin.color ?? "var(--line)" }}
                onClick={() => open(pin.id)}
              >
                {pin.renditions ? (
                  <img src={pin.renditions.thumbnail} alt="" width="236" height="236" loading="lazy" />
                ) : (
                  <span>{pinName(pin)}</span>
                )}
              </button>
            </li>
          ))}
        </ul>
        {hasMore && (
          <button type="button" className="button" onClick={loadMore}>
            Show more
          </button>
        )}
      </div>
    </dialog>
  );
}
