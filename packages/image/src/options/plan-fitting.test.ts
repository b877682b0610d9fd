import { expect, test } from "vitest";
import { rasterProbe } from "../pack/memory.ts";
import { parseOptions } from "./parse-options.ts";
import { planFitting } from "./plan-fitting.ts";

const hints = { userAgent: null, secChDpr: null, secChViewportWidth: null, saveData: null, ect: null, rtt: null };
const accepts = (accept: string) => ({ ...hints, downlink: null, accept });

function formatOf(text: string, source: { width: number; height: number; hasAlpha: boolean }, accept = "image/avif") {
  const probe = {
    ...rasterProbe(source),
    format: source.hasAlpha ? "png" : "jpeg",
    samplesPerPixel: 1.5,
    mayNeedRgba: false,
  } as const;
  const { plan, vary } = planFitting(parseOptions(text), { hints: accepts(accept), source: probe, probe });
  return [plan.format, plan.width, vary.join()];
}

const opaque = { width: 6000, height: 4000, hasAlpha: false };

test("auto keeps the format of choice while that fits", () => {
  expect(formatOf("format=auto,width=1200", opaque)).toEqual(["avif", 1200, "Accept"]);
});

test("auto falls to JPEG, and to PNG first where there is transparency", () => {
  expect(formatOf("format=auto,width=5000", opaque)).toEqual(["jpeg", 5000, "Accept"]);
  expect(formatOf("format=auto,width=2500", { ...opaque, hasAlpha: true })).toEqual(["png", 2500, "Accept"]);
});

test("a format that is named is never another, and what fits nowhere stays as it was", () => {
  expect(formatOf("format=avif,width=5000", opaque)[0]).toBe("avif");
  expect(formatOf("format=auto,width=12000,fit=contain", opaque)[0]).toBe("avif");
});
