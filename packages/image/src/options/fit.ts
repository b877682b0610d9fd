import { type Fit, fits, type Gravity } from "@vitrine/contracts";
import { numberIn, type Option, oneOf, type Parsed, parseNumber } from "./option.ts";

const fitByName = Object.fromEntries(fits.map((name) => [name, name])) as { [F in Fit]: F };

export const fit: Option<Fit> = {
  aliases: [],
  stage: "resize",
  parse: oneOf(fitByName),
  describe: {
    values: fits.map((name) => `\`${name}\``).join(" "),
    default: "scale-down",
    meaning: "How the picture is brought into the box; see below.",
    example: "cover",
  },
};

/** Fractions of what is cut off that lie to the left of and above what stays. */
const points = {
  left: { x: 0, y: 0.5 },
  right: { x: 1, y: 0.5 },
  top: { x: 0.5, y: 0 },
  bottom: { x: 0.5, y: 1 },
  center: { x: 0.5, y: 0.5 },
  "top-left": { x: 0, y: 0 },
  "top-right": { x: 1, y: 0 },
  "bottom-left": { x: 0, y: 1 },
  "bottom-right": { x: 1, y: 1 },
  auto: "auto",
  entropy: "entropy",
} as const satisfies Record<string, Gravity>;

export const gravityByName: Readonly<Record<string, Gravity>> = points;

export function parseGravity(text: string): Parsed<Gravity> {
  if (text === "face") return { refusal: "takes face only with a model that finds faces, and there is none: use auto" };
  if (Object.hasOwn(points, text)) return { value: points[text as keyof typeof points] };
  const [x, y, ...rest] = text.split("x").map((part) => parseNumber(part, { from: 0, to: 1 }));
  if (x !== undefined && y !== undefined && rest.length === 0) return { value: { x, y } };
  return { refusal: `takes ${Object.keys(points).join(", ")}, or a point such as 0.3x0.7` };
}

export const gravity: Option<Gravity> = {
  aliases: ["g"],
  stage: "resize",
  parse: parseGravity,
  describe: {
    values: `${Object.keys(points)
      .map((name) => `\`${name}\``)
      .join(" ")}, or \`XxY\` in 0–1`,
    default: "center",
    meaning:
      "What stays when `cover`, `crop` and `aspect-crop` cut: a side, the point (X, Y) of the source at the point (X, Y) " +
      "of the box, what catches the eye (`auto`), or what has the most detail (`entropy`). `face` needs a model.",
    example: "0.3x0.2",
  },
};

export const zoom: Option<number> = {
  aliases: [],
  stage: "resize",
  parse: numberIn({ from: 0, to: 1 }),
  describe: { values: "0–1", default: "0", meaning: "With `gravity=face` alone, which needs a model.", example: "0.5" },
};
