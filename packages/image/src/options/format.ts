/** How the picture is encoded. */
import { numberIn, type Option, oneOf, type Parsed, parseNumber } from "./option.ts";

export type FormatOption = "auto" | "avif" | "webp" | "jpeg" | "baseline-jpeg" | "png" | Description;
/** What is said about a rendition instead of making it. */
export type Description = "json" | "blurhash" | "thumbhash";

export const format: Option<FormatOption> = {
  aliases: ["f"],
  stage: "encode",
  parse: oneOf({
    auto: "auto",
    avif: "avif",
    webp: "webp",
    jpeg: "jpeg",
    "baseline-jpeg": "baseline-jpeg",
    png: "png",
    json: "json",
    blurhash: "blurhash",
    thumbhash: "thumbhash",
  }),
  describe: {
    values: "`auto` `avif` `webp` `jpeg` `baseline-jpeg` `png` `json` `blurhash` `thumbhash`",
    default: "like the source, a GIF as WebP or PNG",
    meaning:
      "`auto` is negotiated by Accept: AVIF up to 1600 pixels a side, else WebP, else JPEG, or PNG where there is " +
      "transparency. `jpeg` is progressive. `webp` with quality 100 is lossless. `json` describes the rendition and its " +
      "original instead of making it; `blurhash` and `thumbhash` are placeholders of the whole original.",
    example: "auto",
  },
};

/** Levels on the scale of JPEG and WebP. */
export const namedQualities = { high: 90, "medium-high": 80, "medium-low": 65, low: 50 } as const;
const parseName = oneOf(namedQualities);

function parseQuality(text: string): Parsed<number> {
  const value = parseNumber(text, { from: 1, to: 100, isWhole: true });
  if (value !== undefined) return { value };
  const named = parseName(text);
  return "refusal" in named ? { refusal: `takes a whole number from 1 to 100, or ${named.refusal.slice(6)}` } : named;
}

const qualityValues = "1–100, or `high` (90) `medium-high` (80) `medium-low` (65) `low` (50)";

export const quality: Option<number | "auto"> = {
  aliases: ["q"],
  stage: "encode",
  parse(text) {
    if (text === "auto") return { value: "auto" };
    const parsed = parseQuality(text);
    return "refusal" in parsed ? { refusal: `${parsed.refusal}, or auto` } : parsed;
  },
  describe: {
    values: `${qualityValues}, or \`auto\``,
    default: "85, and drawings without loss",
    meaning:
      "One scale for all formats: AVIF is given the number that looks the same. PNG gets a palette of up to 256 " +
      "colours, as many as the quality needs, and loses nothing without. `auto` looks for the lowest that looks the " +
      "same; AVIF of more than 0.5 megapixels and animations are given 85, and PNG loses nothing.",
    example: "60",
  },
};

export const slowConnectionQuality: Option<number> = {
  aliases: ["scq"],
  stage: "encode",
  parse: parseQuality,
  describe: {
    values: qualityValues,
    default: "–",
    meaning: "Instead of `quality` with Save-Data, ECT of 3g and less, RTT over 150 ms or Downlink under 5 Mbit/s.",
    example: "40",
  },
};

export const metadata: Option<"copyright" | "keep" | "none"> = {
  aliases: [],
  stage: "encode",
  parse: oneOf({ copyright: "copyright", keep: "keep", none: "none" }),
  describe: {
    values: "`copyright` `keep` `none`",
    default: "copyright",
    meaning:
      "What of the original's EXIF a JPEG carries, up to 64 kB of it: `copyright` the notice and the artist's name, " +
      "`keep` all that is still true of the rendition, the place too; without thumbnail and maker's note. Other formats " +
      "and presets carry none. Orientation and colour profile are applied to the pixels.",
    example: "none",
  },
};

export const anim: Option<boolean> = {
  aliases: [],
  stage: "source",
  parse: oneOf({ true: true, false: false }),
  describe: {
    values: "`true` `false`",
    default: "true",
    meaning:
      "All frames of an animated GIF or WebP, where the answer is WebP; `false`, and every other format: the first. " +
      "Beyond 1,000 frames, 100 megapixels of them together or what memory there is, the first as well.",
    example: "false",
  },
};

export const compression: Option<"fast"> = {
  aliases: [],
  stage: "encode",
  parse: oneOf({ fast: "fast" }),
  describe: {
    values: "`fast`",
    default: "–",
    meaning: "The fastest encoder, for more bytes: a JPEG is baseline. AVIF is always made so.",
    example: "fast",
  },
};

export const maxBytes: Option<number> = {
  aliases: [],
  stage: "encode",
  parse: numberIn({ from: 256, to: 10_000_000, isWhole: true, unit: "bytes" }),
  describe: {
    values: "256–10000000",
    default: "–",
    meaning: "The most bytes of the answer: the quality is lowered until it fits, to 1 at the least.",
    example: "20000",
  },
};
