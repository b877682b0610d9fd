/** Options that change the pixels of the fitted picture. */
import { numberIn, type Option } from "./option.ts";

export const blur: Option<number> = {
  aliases: [],
  stage: "effects",
  parse: numberIn({ from: 0, to: 250 }),
  describe: { values: "0–250", default: "0", meaning: "Gaussian blur of this radius in pixels.", example: "8" },
};

export const sharpen: Option<number> = {
  aliases: [],
  stage: "effects",
  parse: numberIn({ from: 0, to: 10 }),
  describe: { values: "0–10", default: "0", meaning: "Unsharp mask; 1 is right for most.", example: "2" },
};

/** Ten times is white or black for all but a few pixels. */
const factor = numberIn({ from: 0, to: 10 });

export const brightness: Option<number> = {
  aliases: [],
  stage: "effects",
  parse: factor,
  describe: { values: "factor 0–10", default: "1", meaning: "Multiplies the channels.", example: "1.4" },
};

export const contrast: Option<number> = {
  aliases: [],
  stage: "effects",
  parse: factor,
  describe: {
    values: "factor 0–10",
    default: "1",
    meaning: "Moves away from middle grey; 0 is all grey.",
    example: "1.5",
  },
};

export const gamma: Option<number> = {
  aliases: [],
  stage: "effects",
  parse: numberIn({ from: 0.01, to: 10 }),
  describe: {
    values: "factor 0.01–10",
    default: "1",
    meaning: "Exponent of exposure: below 1 darkens, above 1 lightens the midtones.",
    example: "1.8",
  },
};

export const saturation: Option<number> = {
  aliases: [],
  stage: "effects",
  parse: factor,
  describe: { values: "factor 0–10", default: "1", meaning: "0 is grey.", example: "0" },
};
