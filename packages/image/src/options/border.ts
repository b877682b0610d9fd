import type { Border, Colour } from "@vitrine/contracts";
import { parseColour } from "./colour.ts";
import type { Option, Parsed } from "./option.ts";
import { parseNumber } from "./option.ts";

/** Wider frames than this are a background, which `pad` makes. */
const maxBorderPixels = 1_000;
const refusal = "takes a colour and one width, or top;right;bottom;left, such as red;10 or red;10;0;10;0";
const black: Colour = 0x000000ff;

export const border: Option<Border> = {
  aliases: [],
  stage: "border",
  parse(text): Parsed<Border> {
    const parts = text.split(";");
    const named = parts.findIndex((part) => !/^[\d.]+$/.test(part));
    const colour = named === -1 ? black : parseColour(parts[named] ?? "");
    const widths = parts
      .filter((_, i) => i !== named)
      .map((part) => parseNumber(part, { from: 0, to: maxBorderPixels, isWhole: true }));
    const [top, right = top, bottom = top, left = top] = widths;
    const isRefused = widths.includes(undefined) || ![1, 4].includes(widths.length);
    if (isRefused || colour === undefined) return { refusal };
    if (top === undefined || right === undefined || bottom === undefined || left === undefined) return { refusal };
    return { value: { top, right, bottom, left, colour } };
  },
  describe: {
    values: "`colour;width` or `colour;top;right;bottom;left`, in pixels",
    default: "–",
    meaning: "A frame around the finished picture, which makes it larger.",
    example: "navy;12",
  },
};
