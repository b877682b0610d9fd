import { useQuery } from "@tanstack/react-query";
import { PinPicture } from "../feed/pin-picture.tsx";
import { pinName } from "../feed/words.ts";
import { useSession } from "../session/session.tsx";
import { turnToPin } from "./route.ts";
import "./related-pins.css";

/** Three rows of three: what fits beside a picture without pushing its words away. */
const shown = 9;

/** Pins that are kept together with the open one or look like it; each opens in its place. Nothing while there are none. */
export function RelatedPins({ pinId }: { pinId: string }) {
  const { api, user } = useSession();
  const { data } = useQuery({
    queryKey: ["related", pinId, user?.id],
    queryFn: ({ signal }) => api.pins.related(pinId, { limit: shown, signal }),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <section className="related" aria-labelledby="related-heading" data-testid="related">
      <h3 id="related-heading">Goes with this</h3>
      <ul>
        {data.items.map(({ pin }) => (
          <li key={pin.id}>
            <button
              type="button"
              aria-label={`Open ${pinName(pin)}`}
              onClick={(event) => turnTo(pin.id, event.currentTarget)}
            >
              <PinPicture pin={pin} sizes="86px" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** This button goes with the list; the focus stays in the dialog, where the arrow keys and Tab are heard. */
function turnTo(pinId: string, button: HTMLElement): void {
  button.closest("dialog")?.querySelector<HTMLElement>(".pin-dialog__close")?.focus();
  turnToPin(pinId);
}
