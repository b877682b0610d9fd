import type { PinCard } from "@vitrine/contracts";
import { pinName } from "../feed/words.ts";
import "./save-button.css";

export interface SaveButtonProps {
  pin: PinCard;
  isSaved: boolean;
  onToggle(pin: PinCard): void;
  /** Says the word as well; on the wall the ring is enough. */
  hasWord?: boolean;
}

/** A ring with a plus that becomes a red dot. Its name stays "Save …"; whether it is, `aria-pressed` says. */
export function SaveButton({ pin, isSaved, onToggle, hasWord = false }: SaveButtonProps) {
  return (
    <button
      type="button"
      className={hasWord ? "save button" : "save"}
      aria-pressed={isSaved}
      aria-label={`Save ${pinName(pin)}`}
      onClick={() => onToggle(pin)}
    >
      <svg className="save__ring" viewBox="0 0 22 22" aria-hidden="true">
        <circle cx="11" cy="11" r="9.6" />
        <path d="M11 7v8M7 11h8" />
      </svg>
      {hasWord && <span aria-hidden="true">{isSaved ? "Saved" : "Save"}</span>}
    </button>
  );
}
