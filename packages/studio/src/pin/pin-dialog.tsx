import { useQuery } from "@tanstack/react-query";
import type { Pin, PinCard } from "@vitrine/contracts";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { CloseIcon, NextIcon, PreviousIcon } from "../design/icons.tsx";
import { lightDismiss } from "../design/light-dismiss.ts";
import { useEvents } from "../events/events.tsx";
import type { WallItem } from "../feed/wall.ts";
import { pinName } from "../feed/words.ts";
import { useSession } from "../session/session.tsx";
import { ToastLine } from "../toast/toasts.tsx";
import { PinLabel } from "./pin-label.tsx";
import { PinView } from "./pin-view.tsx";
import { closePin, turnToPin, useOpenPin } from "./route.ts";
import "./pin-dialog.css";

export interface PinDialogProps {
  /** The wall, in its order: what the arrow keys turn through. */
  items: WallItem[];
  onHide(pin: PinCard): void;
  onNearEnd(): void;
}

/** The pin that the address names, over the wall. Esc and Back close it; the arrow keys turn to its neighbours. */
export function PinDialog({ items, onHide, onNearEnd }: PinDialogProps) {
  const pinId = useOpenPin();
  const dialog = useRef<HTMLDialogElement>(null);
  const index = items.findIndex(({ pin }) => pin.id === pinId);
  const item = items[index];
  const { pin, error } = usePin(pinId, item?.pin);
  useCloseup(pinId);

  useEffect(() => {
    if (pinId !== null && !dialog.current?.open) dialog.current?.showModal();
    if (pinId === null && dialog.current?.open) dialog.current.close();
  }, [pinId]);
  useEffect(() => {
    document.title = pin ? `${pinName(pin)} · Vitrine` : "Vitrine";
  }, [pin]);

  const turn = (step: 1 | -1) => {
    const next = items[index + step];
    if (index < 0 || !next) return;
    turnToPin(next.pin.id);
    if (index + step >= items.length - 3) onNearEnd();
  };
  const turnByKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  };
  const hide = (hidden: PinCard) => {
    closePin();
    onHide(hidden);
  };

  return (
    <dialog
      ref={dialog}
      className="pin-dialog"
      data-testid="pin-dialog"
      aria-label={pin ? pinName(pin) : "Picture"}
      onClose={() => {
        focusOnWall(pinId);
        closePin();
      }}
      {...lightDismiss}
      onKeyDown={turnByKey}
    >
      {pinId !== null && (
        <div className="pin-dialog__frame">
          <PinView key={pinId} pin={pin} />
          <PinLabel pin={pin} reason={item?.reason ?? null} error={error} onHide={hide} />
          <button
            type="button"
            className="icon-button pin-dialog__close"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <CloseIcon />
          </button>
          <button
            type="button"
            className="icon-button pin-dialog__turn pin-dialog__turn--previous"
            aria-label="Previous picture"
            disabled={index <= 0}
            onClick={() => turn(-1)}
          >
            <PreviousIcon />
          </button>
          <button
            type="button"
            className="icon-button pin-dialog__turn pin-dialog__turn--next"
            aria-label="Next picture"
            disabled={index < 0 || index === items.length - 1}
            onClick={() => turn(1)}
          >
            <NextIcon />
          </button>
          <ToastLine />
        </div>
      )}
    </dialog>
  );
}

/** What the wall knows of a pin at once, and the whole of it as soon as it is there. */
function usePin(
  pinId: string | null,
  card: PinCard | undefined,
): { pin: Pin | PinCard | undefined; error: Error | null } {
  const { api, user } = useSession();
  const query = useQuery({
    queryKey: ["pin", pinId, user?.id],
    queryFn: ({ signal }) => api.pins.get(pinId ?? "", { signal }),
    enabled: pinId !== null,
  });
  return { pin: query.data ?? card, error: query.error };
}

function useCloseup(pinId: string | null): void {
  const { add } = useEvents();
  useEffect(() => {
    if (pinId !== null) add("closeup", pinId);
  }, [pinId, add]);
}

/** The browser gives the focus back to what opened the dialog; after turning pages, the pin on show is the better place. */
function focusOnWall(pinId: string | null): void {
  const open = document.querySelector<HTMLElement>(`[data-pin-id="${pinId}"] button`);
  open?.focus();
}
