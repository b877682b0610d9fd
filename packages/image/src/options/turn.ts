import { type Option, oneOf } from "./option.ts";

export const flip: Option<"h" | "v" | "hv"> = {
  aliases: [],
  stage: "flip",
  parse: oneOf({ h: "h", v: "v", hv: "hv", vh: "hv" }),
  describe: { values: "`h` `v` `hv`", default: "–", meaning: "Mirrors, before rotating.", example: "h" },
};

export const rotate: Option<0 | 90 | 180 | 270> = {
  aliases: [],
  stage: "rotate",
  parse: oneOf({ 0: 0, 90: 90, 180: 180, 270: 270, 360: 0 }),
  describe: {
    values: "`90` `180` `270`",
    default: "0",
    meaning: "Degrees clockwise, before resizing: width and height are of the rotated picture.",
    example: "90",
  },
};
