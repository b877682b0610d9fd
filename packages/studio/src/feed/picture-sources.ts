import type { PinCard } from "@vitrine/contracts";

/** Beyond these a picture would be a thread or fill the wall alone; it is cropped to fit. */
const narrowestRatio = 0.42;
const widestRatio = 2.4;
const ratioWhileUnknown = 3 / 4;
const ratioOfWords = 4 / 3;

/** Width ÷ height of a pin's place on the wall. */
export function wallRatio(pin: PinCard): number {
  if (!pin.renditions) return ratioOfWords;
  if (!pin.width || !pin.height) return ratioWhileUnknown;
  return Math.min(widestRatio, Math.max(narrowestRatio, pin.width / pin.height));
}

interface Candidate {
  url: string;
  boxWidth: number;
  boxHeight: number;
}

/** Boxes of the presets that keep a picture's own ratio; none enlarges. */
function candidatesOf(pin: PinCard): Candidate[] {
  if (!pin.renditions) return [];
  const { feed, detail, zoom } = pin.renditions;
  const own = [
    { url: feed, boxWidth: 474, boxHeight: 632 },
    { url: detail, boxWidth: 736, boxHeight: 980 },
    { url: zoom, boxWidth: 1200, boxHeight: 1600 },
  ];
  // A signature is good for one path, so a secret pin has only the URLs that came with it.
  if (feed.includes("?")) return own;
  const byWidth = (preset: string, boxWidth: number) => ({
    url: feed.replace(/\/feed(?=\.|$)/, `/${preset}`),
    boxWidth,
    boxHeight: Number.POSITIVE_INFINITY,
  });
  return [byWidth("medium", 236), ...own];
}

export interface PictureSources {
  src: string;
  srcSet: string;
}

/** What an `<img>` of this pin may load; null for a pin of words alone. Widths are those that the server will answer. */
export function pictureSources(pin: PinCard): PictureSources | null {
  if (!pin.renditions) return null;
  const widths = new Map<number, string>();
  for (const candidate of candidatesOf(pin)) {
    const width = renderedWidth(pin, candidate);
    if (!widths.has(width)) widths.set(width, candidate.url);
  }
  const sorted = [...widths].sort(([a], [b]) => a - b);
  return { src: pin.renditions.feed, srcSet: sorted.map(([width, url]) => `${url} ${width}w`).join(", ") };
}

function renderedWidth(pin: PinCard, { boxWidth, boxHeight }: Candidate): number {
  if (!pin.width || !pin.height) return boxWidth;
  const scale = Math.min(1, boxWidth / pin.width, boxHeight / pin.height);
  return Math.max(1, Math.round(pin.width * scale));
}
