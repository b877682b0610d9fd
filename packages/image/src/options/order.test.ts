/** The order of options in a URL never changes a rendition: sets of them by chance, shuffled. */
import { expect, test } from "vitest";
import { planKey } from "../plan.ts";
import { bytesOf, flag } from "../testing/render-options.ts";
import { parseOptions } from "./parse-options.ts";
import { planOptions } from "./plan-options.ts";
import { type OptionName, optionNames, options } from "./table.ts";

/** Numbers of a fixed seed (Numerical Recipes' generator), so that a failure is the same tomorrow. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const random = createRandom(1_066);
const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: random(2 ** 20) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** Values that are small enough for a picture of 60×40, where the examples of the reference are not. */
const values: Partial<Record<OptionName, readonly string[]>> = {
  width: ["24", "70", "auto"],
  height: ["24", "70"],
  wdesktop: ["33"],
  wmobile: ["22"],
  wbreakpoints: ["20;40"],
  fit: ["cover", "pad", "squeeze", "aspect-crop", "scale-up"],
  gravity: ["left", "0.2x0.9", "auto", "entropy"],
  trim: ["2;3;4;5", "0.1;0;0;0.2"],
  "trim.width": ["40"],
  "trim.height": ["0.7"],
  format: ["jpeg", "png", "webp", "baseline-jpeg", "auto"],
  quality: ["auto", "40", "100"],
  draw: ["dot;left=3+two;width=12;repeat=x"],
  border: ["red;2", "navy;1;2;3;4"],
};
/** Refused for want of a model, and what contradicts `trim` and its sides. */
const left: readonly string[] = [
  "segment",
  "upscale",
  "trim.border.color",
  "trim.border.tolerance",
  "trim.border.keep",
];
const usable = optionNames.filter((name) => !left.includes(name));

function partFor(name: OptionName): string {
  const among = values[name] ?? [options[name].describe.example];
  return `${random(2) ? name : (options[name].aliases[0] ?? name)}=${among[random(among.length)]}`;
}

const keyOf = (parts: readonly string[]) =>
  planKey(
    planOptions(parseOptions(parts.join(",")), {
      hints: { accept: "image/webp" },
      source: { format: "png", hasAlpha: true },
      overlayHashes: new Map(["dot", "two"].map((name) => [name, name])),
    }).plan,
  );

test("every pair of options in either order is one plan", () => {
  let pairs = 0;
  for (const one of usable) {
    for (const other of usable) {
      if (one >= other) continue;
      const parts = [partFor(one), partFor(other)];
      expect(keyOf(parts), parts.join()).toBe(keyOf(parts.toReversed()));
      pairs += 1;
    }
  }
  expect(pairs).toBe((usable.length * (usable.length - 1)) / 2);
});

test("sets of options by chance give the same bytes in any order", async () => {
  const used = new Set<string>();
  for (let round = 0; round < 60; round++) {
    const names = shuffled(usable).slice(0, 2 + random(9));
    const parts = names.map(partFor);
    const expected = await bytesOf(parts.join(","), flag, { accept: "image/webp" });
    const other = shuffled(parts);
    expect(await bytesOf(other.join(","), flag, { accept: "image/webp" }), `${parts} / ${other}`).toEqual(expected);
    for (const name of names) used.add(name);
  }
  expect([...used].sort()).toEqual([...usable].sort());
});
