/** `trim` in one value, and its parts one by one. */
import type { Colour } from "@vitrine/contracts";
import { colourRefusal, parseColour } from "./colour.ts";
import { numberIn, type Option, type Parsed, parseNumber } from "./option.ts";

/** Fractions below 1, whole pixels from there on. */
function parseAmount(text: string): number | undefined {
  const value = parseNumber(text, { from: 0, to: 100_000 });
  return value !== undefined && (value < 1 || Number.isInteger(value)) ? value : undefined;
}

export interface TrimSides {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export const trim: Option<TrimSides | "border"> = {
  aliases: [],
  stage: "trim",
  parse(text): Parsed<TrimSides | "border"> {
    if (text === "border") return { value: "border" };
    const [top, right, bottom, left, ...rest] = text.split(";").map(parseAmount);
    if (top === undefined || right === undefined || bottom === undefined || left === undefined || rest.length > 0) {
      return { refusal: "takes top;right;bottom;left in pixels or fractions, such as 10;0;0.25;0, or border" };
    }
    return { value: { top, right, bottom, left } };
  },
  describe: {
    values: "`top;right;bottom;left` in pixels, or below 1 in fractions; `border`",
    default: "–",
    meaning: "Cuts from the sides of the original, before flipping and rotating. `border` cuts a frame of one colour.",
    example: "20;30;20;0",
  },
};

function amount(meaning: string, example: string): Option<number> {
  return {
    aliases: [],
    stage: "trim",
    parse(text) {
      const value = parseAmount(text);
      return value === undefined ? { refusal: "takes whole pixels, or a fraction below 1" } : { value };
    },
    describe: { values: "pixels or fraction", default: "–", meaning, example },
  };
}

export const trimTop = amount("Cuts this much from the top.", "20");
export const trimRight = amount("Cuts this much from the right.", "20");
export const trimBottom = amount("Cuts this much from the bottom.", "0.1");
export const trimLeft = amount("Cuts this much from the left.", "0.1");
export const trimWidth = amount("Width of what stays, from the left; instead of `trim.right`.", "0.5");
export const trimHeight = amount("Height of what stays, from the top; instead of `trim.bottom`.", "0.5");

export const trimBorderColor: Option<Colour> = {
  aliases: [],
  stage: "trim",
  parse(text) {
    const value = parseColour(text);
    return value === undefined ? { refusal: colourRefusal } : { value };
  },
  describe: { values: "CSS colour", default: "that of the corner", meaning: "The frame's colour.", example: "white" },
};

export const trimBorderTolerance: Option<number> = {
  aliases: [],
  stage: "trim",
  parse: numberIn({ from: 0, to: 255, isWhole: true }),
  describe: {
    values: "0–255",
    default: "10",
    meaning: "By how much a channel of the frame may differ from its colour.",
    example: "24",
  },
};

export const trimBorderKeep: Option<number> = {
  aliases: [],
  stage: "trim",
  parse: numberIn({ from: 0, to: 1000, isWhole: true, unit: "pixels" }),
  describe: { values: "pixels", default: "0", meaning: "How much of the frame stays.", example: "4" },
};
