import { expect, test } from "vitest";
import { sizeFault } from "./dimensions.ts";

const landscape = { width: 4000, height: 3000 };

test("a preset that covers has exactly its box, whatever the source", () => {
  expect(sizeFault("thumbnail", { width: 236, height: 236 }, { width: 10, height: 4000 })).toBeNull();
  expect(sizeFault("thumbnail", { width: 236, height: 235 }, landscape)).toBe("236×235 in place of 236×236");
  expect(sizeFault("grid", { width: 150, height: 150 }, null)).toBeNull();
  expect(sizeFault("grid", { width: 151, height: 150 }, null)).toContain("in place of 150×150");
});

test("a preset that scales down keeps the ratio, within a pixel", () => {
  expect(sizeFault("large", { width: 736, height: 552 }, landscape)).toBeNull();
  expect(sizeFault("large", { width: 736, height: 553 }, landscape)).toBeNull();
  expect(sizeFault("large", { width: 736, height: 554 }, landscape)).toBe("736×554 in place of 736×552");
});

test("a picture that lies on its side is wrong", () => {
  expect(sizeFault("large", { width: 736, height: 981 }, landscape)).toBe("736×981 in place of 736×552");
});

test("nothing is enlarged, and no side is nothing", () => {
  expect(sizeFault("large", { width: 300, height: 200 }, { width: 300, height: 200 })).toBeNull();
  expect(sizeFault("large", { width: 736, height: 491 }, { width: 300, height: 200 })).toContain("300×200");
  expect(sizeFault("large", { width: 736, height: 1 }, { width: 60_000, height: 3 })).toBeNull();
});

test("a tall picture ends at the height of its box", () => {
  expect(sizeFault("large", { width: 82, height: 2720 }, { width: 600, height: 20_000 })).toBeNull();
  expect(sizeFault("large", { width: 736, height: 24_533 }, { width: 600, height: 20_000 })).not.toBeNull();
});

test("without a known source, the box alone counts", () => {
  expect(sizeFault("large", { width: 12, height: 700 }, null)).toBeNull();
  expect(sizeFault("large", { width: 737, height: 700 }, null)).toBe("737×700 is outside of its box");
});
