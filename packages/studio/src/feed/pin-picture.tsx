import type { PinCard } from "@vitrine/contracts";
import { useState } from "react";
import { pictureSources } from "./picture-sources.ts";
import { pinName } from "./words.ts";
import "./pin-picture.css";

export interface PinPictureProps {
  pin: PinCard;
  /** As in `<img sizes>`: how wide it is shown. */
  sizes: string;
  /** On the first screen: asked for before everything else. */
  isUrgent?: boolean;
}

/** A pin's picture, fading in over its dominant colour; its words where there is no picture. */
export function PinPicture({ pin, sizes, isUrgent = false }: PinPictureProps) {
  const [state, setState] = useState<"coming" | "there" | "missing">("coming");
  const sources = pictureSources(pin);

  if (!sources || state === "missing") {
    return <span className="picture picture--words">{pinName(pin)}</span>;
  }
  return (
    <span className="picture" style={{ backgroundColor: pin.color ?? "var(--line)" }}>
      <img
        className={state === "there" ? "is-there" : ""}
        src={sources.src}
        srcSet={sources.srcSet}
        sizes={sizes}
        alt=""
        width={pin.width ?? undefined}
        height={pin.height ?? undefined}
        loading={isUrgent ? "eager" : "lazy"}
        fetchPriority={isUrgent ? "high" : "auto"}
        decoding="async"
        draggable={false}
        onLoad={() => setState("there")}
        onError={() => setState("missing")}
      />
    </span>
  );
}
