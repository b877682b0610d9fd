import type { RenditionPlan } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { pictureLimits } from "../limits.ts";
import { rasterProbe } from "../pack/memory.ts";
import { planPicture } from "../pipeline.ts";
import { automaticFormat } from "./automatic-format.ts";

const plan: RenditionPlan = { fit: "scale-down", width: 800, height: null, format: "webp", quality: 85 };
const probe = rasterProbe({ width: 4_000, height: 3_000, hasAlpha: false });
const both = { accept: "image/avif,image/webp" };
const formatOf = (hints: { accept?: string }, asked: Partial<RenditionPlan> = {}, source = probe) =>
  automaticFormat(hints, { hasAlpha: source.hasAlpha, probe: source }, { ...plan, ...asked });

test("AVIF, then WebP, then what every client reads", () => {
  expect(formatOf(both)).toBe("avif");
  expect(formatOf({ accept: "image/webp,image/avif;q=0" })).toBe("webp");
  expect(formatOf({ accept: "image/*" })).toBe("jpeg");
  expect(formatOf({}, {}, { ...probe, hasAlpha: true })).toBe("png");
});

test("WebP where AVIF would take too long, and AVIF all the same where nothing else is named", () => {
  const upright = { height: 1_600, width: null };
  expect([formatOf(both, { width: 1_600 }), formatOf(both, upright)]).toEqual(["avif", "webp"]);
  expect(formatOf(both, { width: 1_601 })).toBe("webp");
  expect(formatOf(both, { width: 1_590, border: { top: 0, right: 6, bottom: 0, left: 6, colour: 0xff } })).toBe("webp");
  expect(formatOf({ accept: "image/avif" }, { width: 1_601 })).toBe("avif");
});

test("WebP where reading the source leaves AVIF's encoder no memory, or where the source is not known", () => {
  const interlaced = { ...probe, isInterlaced: true, coding: "progressive" as const };
  expect(formatOf(both, { width: 1_600 }, interlaced)).toBe("webp");
  expect(formatOf(both, { width: 300 }, interlaced)).toBe("avif");
  expect(automaticFormat(both, { hasAlpha: false }, plan)).toBe("webp");
});

test("a progressive JPEG is a baseline one where its coefficients do not fit", () => {
  const asked = { ...plan, width: 1_600, format: "jpeg", quality: 95, isProgressive: true } as const;
  const whole = planPicture(probe, [asked]);
  expect(whole.renditions[0]?.encode).toMatchObject({ progressive: true });
  const fileBytes = pictureLimits.pictureBudgetBytes - whole.predictedBytes + 1_000_000;
  const [tight] = planPicture({ ...probe, fileBytes }, [asked]).renditions;
  expect(tight?.encode).toMatchObject({ format: "jpeg", quality: 95, progressive: false });
});
