import { expect, test } from "vitest";
import { growth, isGrowing, type MemoryPoint, maxOwnGrowth, memoryLines } from "./memory.ts";

const mebibyte = 2 ** 20;

function tenthsOf(total: number, own: (files: number) => number | null): MemoryPoint[] {
  return Array.from({ length: 10 }, (_, i) => {
    const files = ((i + 1) * total) / 10;
    return { files, resident: 500 * mebibyte, reserved: 2 ** 36, own: own(files) };
  });
}

const memoryOf = (tenths: MemoryPoint[]) => ({ start: null, peak: null, tenths });

test("what fills once, in the warm-up, is no growth", () => {
  const tenths = tenthsOf(3_000, (files) => (files < 900 ? files : 900) * 100_000);
  expect(growth(tenths, "own")).toBe(0);
  expect(isGrowing(memoryOf(tenths))).toBe(false);
});

test("a picture that is large at one moment is no growth", () => {
  const tenths = tenthsOf(3_000, (files) => (files === 3_000 ? 90 : 30) * mebibyte);
  expect(growth(tenths, "own")).toBe(0);
});

test("what is lost with each file is growth, told for 1,000 files", () => {
  const tenths = tenthsOf(3_000, (files) => files * 20_000);
  expect(growth(tenths, "own")).toBeCloseTo(20_000_000);
  expect(isGrowing(memoryOf(tenths))).toBe(true);
  expect(memoryLines(memoryOf(tenths)).join("\n")).toContain(
    "19 MiB in our Workers (at most 4 MiB), 0 MiB of address space",
  );
});

test("a WASM memory that is lost in every tenth file is growth, whatever is in it", () => {
  const tenths = tenthsOf(2_000, () => 30 * mebibyte);
  const lost = tenths.map((point) => ({ ...point, reserved: 2 ** 36 + (point.files / 10) * 256 * mebibyte }));
  expect(isGrowing(memoryOf(tenths))).toBe(false);
  expect(isGrowing(memoryOf(lost))).toBe(true);
});

test("growth up to the bound is let pass", () => {
  expect(isGrowing(memoryOf(tenthsOf(2_000, (files) => (files * maxOwnGrowth) / 1_000)))).toBe(false);
});

test("a short run and one that nobody can look into are not judged", () => {
  expect(
    growth(
      tenthsOf(900, (files) => files * 1e6),
      "own",
    ),
  ).toBeNull();
  expect(
    growth(
      tenthsOf(3_000, () => null),
      "own",
    ),
  ).toBeNull();
});
