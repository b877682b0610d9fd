/** Overlays: each is a source and its own options, behind `;`. Several have `+` between them, the last on top. */
import type { Gravity, Overlay } from "@vitrine/contracts";
import { fit, parseGravity } from "./fit.ts";
import { isRefusal, numberIn, type Option, oneOf, type Parsed } from "./option.ts";

/** An overlay as it is asked for: the source is not looked up yet. */
export type OverlayOption = Omit<Overlay, "originalHash"> & { source: string };

/** Each is one more picture to fetch and decode. */
const maxOverlays = 4;
const inPixels = numberIn({ from: 0, to: 12_000, isWhole: true, unit: "pixels" });
const ofSize = numberIn({ from: 1, to: 2_000, isWhole: true, unit: "pixels" });

const parts: { [K in Exclude<keyof OverlayOption, "source">]: (text: string) => Parsed<OverlayOption[K]> } = {
  width: ofSize,
  height: ofSize,
  fit: fit.parse,
  gravity: (text): Parsed<Gravity> => parseGravity(text),
  opacity: numberIn({ from: 0, to: 1 }),
  repeat: oneOf({ true: "both", both: "both", x: "x", y: "y", none: "none", false: "none" }),
  top: inPixels,
  right: inPixels,
  bottom: inPixels,
  left: inPixels,
};

export const draw: Option<OverlayOption[]> = {
  aliases: [],
  stage: "draw",
  parse(text): Parsed<OverlayOption[]> {
    const overlays = text.split("+").map(parseOverlay);
    if (overlays.length > maxOverlays) return { refusal: `takes at most ${maxOverlays} overlays` };
    const value: OverlayOption[] = [];
    for (const parsed of overlays) {
      if (isRefusal(parsed)) return parsed;
      value.push(parsed.value);
    }
    return { value };
  },
  describe: {
    values:
      "`pin;width=…;height=…;fit=…;gravity=…;opacity=…;repeat=true|x|y;top=…;right=…;bottom=…;left=…`, several with `+`",
    default: "–",
    meaning: "Lays pictures of other pins on top, in the middle or at a distance from the sides. The last is on top.",
    example: "{pin};width=80;bottom=10;right=10;opacity=0.8",
  },
};

function parseOverlay(text: string): Parsed<OverlayOption> {
  const [source = "", ...settings] = text.split(";");
  if (!/^\w{1,64}$/.test(source)) return { refusal: "takes the id of a pin, then its settings behind ;" };
  const overlay: OverlayOption = {
    ...{ source, width: null, height: null, fit: "scale-down", gravity: { x: 0.5, y: 0.5 } },
    ...{ opacity: 1, repeat: "none", top: null, right: null, bottom: null, left: null },
  };
  const seen = new Set<string>();
  for (const setting of settings) {
    const [, name = "", value = ""] = /^([a-z]+)=(.*)$/.exec(setting) ?? [];
    if (!Object.hasOwn(parts, name) || seen.has(name)) {
      return { refusal: `takes each of ${Object.keys(parts).join(", ")} once for a picture` };
    }
    seen.add(name);
    const refusal = set(overlay, name as keyof typeof parts, value);
    if (refusal) return { refusal: `${refusal} as ${name}` };
  }
  return { value: overlay };
}

/** Sets one part of an overlay; answers the refusal of a bad value. */
function set<K extends keyof typeof parts>(overlay: OverlayOption, name: K, text: string): string | undefined {
  const parsed: Parsed<OverlayOption[K]> = parts[name](text);
  if (isRefusal(parsed)) return parsed.refusal;
  overlay[name] = parsed.value;
  return undefined;
}
