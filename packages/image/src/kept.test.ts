import { expect, test } from "vitest";
import { keptPrefixes } from "./kept.ts";
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
