import { Problem, renditionFormats } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { parseRenditionPath } from "./path.ts";
import { pipelineVersion, planKey, renditionEtag, renditionKey } from "./plan.ts";
import { type PlannedPreset, planForPreset, presets } from "./presets.ts";

const hash = "0123456789abcdef".repeat(4);

test("a plan's key is the same in whatever order its properties stand", () => {
  const plan = planForPreset("feed");
  const reversed = Object.fromEntries(Object.entries(plan).reverse()) as typeof plan;
  expect(planKey(plan)).toBe("scale-down-474x632-q85.webp");
  expect(planKey(reversed)).toBe(planKey(plan));
  expect(planKey(planForPreset("medium"))).toBe("scale-down-236x8192-q85.jpeg");
});

test("different plans have different keys, objects and ETags", () => {
  const plans = (Object.keys(presets) as PlannedPreset[]).flatMap((name) =>
    renditionFormats.map((format) => planForPreset(name, format)),
  );
  for (const keyOf of [
    planKey,
    (plan: (typeof plans)[0]) => renditionKey(hash, plan),
    (plan: (typeof plans)[0]) => renditionEtag(hash, plan),
  ]) {
    expect(new Set(plans.map(keyOf)).size).toBe(plans.length);
  }
});

test("keys and ETags name the original and the pipeline", () => {
  const plan = planForPreset("thumbnail");
  expect(renditionKey(hash, plan)).toBe(`r/${pipelineVersion}/${hash}/cover-236x236-q80.webp`);
  expect(renditionEtag(hash, plan)).toMatch(/^"[\x21\x23-\x7e]+"$/);
  expect(renditionEtag(hash, plan)).not.toBe(renditionEtag(hash.replace("0", "f"), plan));
});

test("presets have their own format, and a quality on the scale of the format that is asked for", () => {
  expect(planForPreset("zoom")).toMatchObject({ format: "jpeg", quality: 95, width: 1200, height: 1600 });
  expect(planForPreset("thumbnail", "avif")).toMatchObject({ format: "avif", quality: 64 });
  expect(planForPreset("feed", "png").quality).toBe(planForPreset("zoom", "png").quality);
});

test.each([
  ["/i/pin_1/feed", { pinId: "pin_1", preset: "feed", format: null }],
  ["/i/pin_1/thumbnail.jpg", { pinId: "pin_1", preset: "thumbnail", format: "jpeg" }],
  ["/i/pin_1/large.avif", { pinId: "pin_1", preset: "large", format: "avif" }],
  ["/i/pin_1/original", { pinId: "pin_1", preset: "original", format: null }],
])("%s is read", (path, expected) => {
  expect(parseRenditionPath(path)).toEqual(expected);
});

test.each([
  "/i/pin_1/poster",
  "/i/pin_1/feed.gif",
  "/i/pin_1/original.jpg",
  "/i/pin_1/feed/x",
  "/i/pin_1",
  "/i//feed",
  "/i/pin_1/constructor",
  "/i/pin_1/feed.constructor",
])("%s is not found", (path) => {
  expect(() => parseRenditionPath(path)).toThrow(Problem);
});
