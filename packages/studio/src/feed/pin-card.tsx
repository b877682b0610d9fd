import type { PinCard as Pin } from "@vitrine/contracts";
import { useEffect, useRef } from "react";
import { CloseIcon } from "../design/icons.tsx";
import { useEvents } from "../events/events.tsx";
import { openPin } from "../pin/route.ts";
import { SaveButton } from "../saves/save-button.tsx";
import { useSaves } from "../saves/saves.tsx";
import type { Place } from "./masonry.ts";
import { PinPicture } from "./pin-picture.tsx";
import type { WallItem } from "./wall.ts";
import { capitalised, pinName, shortReason } from "./words.ts";
import "./pin-card.css";

export interface PinCardProps {
  item: WallItem;
  place: Place;
  width: number;
  isUrgent: boolean;
  onHide(pin: Pin): void;
}

/** A pin on the wall: the picture opens it, the ring saves it, the label says why it hangs there. */
export function PinCard({ item, place, width, isUrgent, onHide }: PinCardProps) {
  const { pin, reason, isArrival = false } = item;
  const saves = useSaves();
  const { watch } = useEvents();
  const article = useRef<HTMLElement>(null);
  useEffect(() => (article.current ? watch(article.current) : undefined), [watch]);

  const name = pinName(pin);
  const kind = capitalised(pin.category);
  return (
    <article
      ref={article}
      className="pin"
      data-pin-id={pin.id}
      data-arrival={isArrival || undefined}
      style={{ width, translate: `${place.left}px ${place.top}px` }}
    >
      <button
        type="button"
        className="pin__open"
        style={{ height: place.pictureHeight }}
        aria-label={`Open ${name}`}
        onClick={() => openPin(pin.id)}
      >
        <PinPicture pin={pin} sizes={`${Math.round(width)}px`} isUrgent={isUrgent} />
        {isArrival && <span className="pin__arrival">Just hung</span>}
      </button>
      <div className="pin__label">
        <div className="pin__words">
          <p className="pin__name">{name}</p>
          <p className="pin__reason">
            {kind && kind !== name && `${kind} · `}
            {shortReason[reason]}
          </p>
        </div>
        <SaveButton pin={pin} isSaved={saves.isSaved(pin.id)} onToggle={saves.toggle} />
      </div>
      <button type="button" className="pin__hide" aria-label={`Hide ${name}`} onClick={() => onHide(pin)}>
        <CloseIcon />
      </button>
    </article>
  );
}
