import { numberIn, type Option, type Parsed, parseNumber } from "./option.ts";

/** Cloudflare's limit of a side. How many pixels it may be is decided by what making it takes (output-limits.ts). */
const maxSide = 12_000;
const inPixels = numberIn({ from: 1, to: maxSide, isWhole: true, unit: "pixels" });

export const width: Option<number | "auto"> = {
  aliases: ["w"],
  stage: "resize",
  parse(text) {
    if (text === "auto") return { value: "auto" };
    const parsed = inPixels(text);
    return "refusal" in parsed ? { refusal: `${parsed.refusal}, or auto` } : parsed;
  },
  describe: {
    values: `1–${maxSide} pixels, or \`auto\``,
    default: "the source's",
    meaning:
      "Width of the box. `auto` is the client's: by Sec-CH-Viewport-Width and Sec-CH-DPR, else by its User-Agent.",
    example: "300",
  },
};

export const height: Option<number> = {
  aliases: ["h"],
  stage: "resize",
  parse: inPixels,
  describe: { values: `1–${maxSide} pixels`, default: "the source's", meaning: "Height of the box.", example: "300" },
};

export const dpr: Option<number> = {
  aliases: [],
  stage: "resize",
  parse: numberIn({ from: 1, to: 2 }),
  describe: {
    values: "1–2",
    default: "1",
    meaning: "Multiplies width, height, and the pixels of trim and border.",
    example: "2",
  },
};

/** More are no choice but a list of all widths. */
const maxBreakpoints = 16;

export const wbreakpoints: Option<number[]> = {
  aliases: [],
  stage: "resize",
  parse(text): Parsed<number[]> {
    const widths = text.split(";").map((width) => parseNumber(width, { from: 1, to: maxSide, isWhole: true }));
    const given = widths.filter((width) => width !== undefined);
    if (given.length < widths.length || given.length > maxBreakpoints) {
      return { refusal: `takes up to ${maxBreakpoints} widths in pixels, such as 320;768;1200` };
    }
    return { value: [...new Set(given)].sort((a, b) => a - b) };
  },
  describe: {
    values: "widths with `;` between them",
    default: "320;768;960;1200",
    meaning: "What `width=auto` chooses from: the smallest that is enough.",
    example: "320;768;1200",
  },
};

export const wmobile: Option<number> = {
  aliases: [],
  stage: "resize",
  parse: inPixels,
  describe: {
    values: "pixels",
    default: "768",
    meaning: "`width=auto` for phones that send no hints.",
    example: "480",
  },
};

export const wdesktop: Option<number> = {
  aliases: [],
  stage: "resize",
  parse: inPixels,
  describe: { values: "pixels", default: "1200", meaning: "`width=auto` for all others.", example: "1600" },
};
