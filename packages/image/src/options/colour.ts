import type { Colour } from "@vitrine/contracts";
import { colord, extend } from "colord";
import hwb from "colord/plugins/hwb";
import names from "colord/plugins/names";
import type { Option, Parsed } from "./option.ts";

extend([names, hwb]);

/** `rgb(255 0 0)` is two characters shorter than what a URL needs; nothing in CSS is longer. */
const maxCharacters = 64;

/** A CSS colour (CSS Color 4: names, hex, rgb, hsl, hwb) as 0xRRGGBBAA, or undefined. */
export function parseColour(text: string): Colour | undefined {
  if (text.length > maxCharacters) return undefined;
  // In a path the # has to be written as %23; six digits without it are as clear.
  const colour = colord(/^[\da-f]{3,8}$/i.test(text) && !colord(text).isValid() ? `#${text}` : text);
  if (!colour.isValid()) return undefined;
  const { r, g, b, a } = colour.toRgb();
  return ((r << 24) | (g << 16) | (b << 8) | Math.round(a * 255)) >>> 0;
}

export const colourRefusal = "takes a CSS colour, such as red, %23ff8800 or rgb(240 40 145)";

export const background: Option<Colour> = {
  aliases: [],
  stage: "background",
  parse: parseAsColour,
  describe: {
    values: "CSS colour",
    default: "white where the format has no transparency, and around `pad`",
    meaning: "Lies under transparency and around `pad`.",
    example: "tomato",
  },
};

function parseAsColour(text: string): Parsed<Colour> {
  const value = parseColour(text);
  return value === undefined ? { refusal: colourRefusal } : { value };
}
