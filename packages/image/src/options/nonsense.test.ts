import { Problem } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { planGeometry } from "../geometry.ts";
import { planKey } from "../plan.ts";
import { parseOptions } from "./parse-options.ts";
import { planOptions } from "./plan-options.ts";
import { optionNames, options } from "./table.ts";

/** Numbers of a fixed seed (Numerical Recipes' generator), so that a failure is the same tomorrow. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const random = createRandom(20_261);
const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
const pieces = [
  "0",
  "1",
  "0.5",
  "12000",
  "-",
  "auto",
  "x",
  ";",
  ",",
  "=",
  "%",
  "%2C",
  "(",
  ")",
  "+",
  "border",
  "é",
  "red",
];

function nonsense(): string {
  const count = 1 + random(4);
  const parts = Array.from({ length: count }, () => {
    const name = random(12) === 0 ? pick(pieces) : pick(optionNames);
    const example = name in options ? options[name as keyof typeof options].describe.example : "1";
    return `${name}=${random(3) > 0 ? example : Array.from({ length: random(5) }, () => pick(pieces)).join("")}`;
  });
  return parts.join(",");
}

test("whatever is written, it is a plan that can be carried out or a Problem of one sentence", () => {
  let planned = 0;
  for (let i = 0; i < 20_000; i++) {
    const text = nonsense();
    try {
      const { plan } = planOptions(parseOptions(text), { hints: {}, source: { format: "webp", hasAlpha: true } });
      planned += 1;
      expect(planKey(plan), text).toMatch(/^[\w.~-]{1,900}$/);
      const { crop, output, final } = planGeometry({ width: 640, height: 3 }, plan);
      for (const side of [crop.width, crop.height, output.width, output.height, final.width, final.height]) {
        expect(Number.isInteger(side) && side > 0, text).toBe(true);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      expect(error.status, text).toBeLessThan(500);
      expect(error.message, text).toMatch(/\.$/);
    }
  }
  expect(planned).toBeGreaterThan(2_000);
});
