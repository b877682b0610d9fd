import type { RenditionPlan } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { keptPrefixes, keptWhole } from "./kept.ts";
import { placeholderKey } from "./placeholders/describe.ts";
import { pipelineVersion, renditionKey } from "./plan.ts";
import { planForPreset } from "./presets.ts";

test("everything made from an original lies under its prefixes, and nothing of another", () => {
  const [present, ...former] = keptPrefixes("abc");
  expect(former).toHaveLength(pipelineVersion - 1);
  expect(renditionKey("abc", planForPreset("feed")).startsWith(present ?? "-")).toBe(true);
  expect(placeholderKey("abc").startsWith(present ?? "-")).toBe(true);
  expect(renditionKey("abcd", planForPreset("feed")).startsWith(present ?? "-")).toBe(false);
});

const whole: RenditionPlan = { fit: "scale-down", width: 300, height: null, format: "webp", quality: 85 };
const overlay = { originalHash: "b".repeat(64), width: 9, height: 9, fit: "cover", gravity: { x: 0, y: 0 } } as const;

test("a kept rendition stands in only when it shows the whole picture and nothing else", () => {
  const shown = (changes: Partial<RenditionPlan>) => keptWhole(renditionKey("a".repeat(64), { ...whole, ...changes }));
  expect(shown({})).toEqual({ format: "webp", width: 300 });
  expect(shown({ maxBytes: 9_000, adaptsToDrawings: true, width: null })).toEqual({ format: "webp", width: null });
  const sides = { top: 0, right: null, bottom: null, left: 0 };
  for (const changes of [
    { fit: "cover", height: 300 },
    { blur: 2 },
    { rotate: 90 },
    { trim: { colour: null, tolerance: 10, keep: 0 } },
    { draw: [{ ...overlay, ...sides, opacity: 1, repeat: false }] },
  ] as Partial<RenditionPlan>[]) {
    expect(shown(changes), JSON.stringify(changes)).toBeUndefined();
  }
  expect(keptWhole("r/3/hash/placeholder.json")).toBeUndefined();
});
