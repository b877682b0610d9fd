import type { FeedReason, Pin, PinCard } from "@vitrine/contracts";
import { useEvents } from "../events/events.tsx";
import { capitalised, longReason, pinName } from "../feed/words.ts";
import { SaveButton } from "../saves/save-button.tsx";
import { useSaves } from "../saves/saves.tsx";
import { RelatedPins } from "./related-pins.tsx";
import "./pin-label.css";

export interface PinLabelProps {
  pin: Pin | PinCard | undefined;
  /** Null when it was opened by a link and is not on the wall. */
  reason: FeedReason | null;
  error: Error | null;
  onHide(pin: PinCard): void;
}

/** What stands beside an opened picture, as a label does in a museum. */
export function PinLabel({ pin, reason, error, onHide }: PinLabelProps) {
  const saves = useSaves();
  const { add } = useEvents();
  if (!pin) {
    return (
      <div className="pin-label" role="status">
        {error ? <h2>{error.message}</h2> : <p>One moment …</p>}
      </div>
    );
  }
  const whole = "colors" in pin ? pin : null;
  const colors = whole?.colors ?? (pin.color ? [pin.color] : []);

  return (
    <div className="pin-label">
      {pin.category && <p className="pin-label__kind">{capitalised(pin.category)}</p>}
      <h2>{pinName(pin)}</h2>
      {whole?.description && <p>{whole.description}</p>}
      {reason && <p className="pin-label__reason">{longReason[reason]}</p>}
      {colors.length > 0 && (
        <ul className="pin-label__colors" aria-label="Colours">
          {colors.map((color) => (
            <li key={color} style={{ backgroundColor: color }} title={color}>
              <span className="visually-hidden">{color}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="pin-label__facts">
        {pin.width && pin.height && `${pin.width} × ${pin.height}`}
        {whole && whole.saveCount > 0 && ` · saved ${whole.saveCount === 1 ? "once" : `${whole.saveCount} times`}`}
      </p>
      {whole?.link && (
        <a href={whole.link} target="_blank" rel="noreferrer" onClick={() => add("click", pin.id)}>
          {new URL(whole.link).hostname}
        </a>
      )}
      <RelatedPins pinId={pin.id} />
      <div className="pin-label__buttons">
        <SaveButton pin={pin} isSaved={saves.isSaved(pin.id)} onToggle={saves.toggle} hasWord />
        <button type="button" className="button" onClick={() => onHide(pin)}>
          Hide
        </button>
      </div>
    </div>
  );
}
