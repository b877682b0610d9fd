import type { PinCard } from "@vitrine/contracts";
import { PinPicture } from "../feed/pin-picture.tsx";

/** The picture of an opened pin on a ground of its own colour, as large as it fits; a small one is not blown up. */
export function PinView({ pin }: { pin: PinCard | undefined }) {
  const width = pin?.width ?? 736;
  const height = pin?.height ?? 981;
  return (
    <div className="pin-view" style={{ "--ground": pin?.color ?? "var(--line)" } as Record<string, string>}>
      {pin && (
        <div
          className="pin-view__picture"
          style={
            { aspectRatio: `${width} / ${height}`, "--ratio": width / height, "--own-width": `${width}px` } as Record<
              string,
              string | number
            >
          }
        >
          <PinPicture pin={pin} sizes="(width < 760px) 100vw, 680px" isUrgent />
        </div>
      )}
    </div>
  );
}
