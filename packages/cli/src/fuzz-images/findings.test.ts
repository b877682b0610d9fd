import { expect, test } from "vitest";
import { count, findingLines, noFindings } from "./findings.ts";

test("findings say how many were served, refused by which code, and name every fault", () => {
  const findings = { ...noFindings(), files: 5, served: 2, seconds: 3 };
  for (const code of ["422 unprocessable-image", "415 unsupported-media-type", "415 unsupported-media-type"]) {
    count(findings.refusals, code);
  }
  findings.faults.push({ kind: "hang", name: "mixed/a.jpg", request: "large.jpg", detail: "6.1 s" });
  findings.memory = {
    start: 2 ** 28,
    peak: null,
    tenths: [{ files: 5, resident: 2 ** 29, reserved: 2 ** 36, own: 2 ** 25 }],
  };
  const text = findingLines(findings).join("\n");
  expect(text).toContain("5 files in 3 s: 2 served, 3 refused.");
  expect(text.indexOf("2  415")).toBeLessThan(text.indexOf("1  422"));
  expect(text).toContain("256 MiB at the start, unknown at most");
  expect(text).toContain("after 5 files: 512 MiB, 32 MiB of it in the heaps of our Workers");
  expect(text).toContain("Faults: 0 5xx, 1 hang, 0 wrong size");
  expect(text).toContain("hang: mixed/a.jpg (large.jpg): 6.1 s");
});

test("more faults than anyone reads are counted", () => {
  const findings = noFindings();
  for (let i = 0; i < 60; i++) findings.faults.push({ kind: "5xx", name: `${i}`, request: "upload", detail: "500" });
  expect(findingLines(findings).at(-1)).toBe("  … and 20 more.");
});
