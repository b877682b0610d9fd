import type { FeedPage } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { hangsOtherwise, rehang, type Wall, wallItems } from "./wall.ts";

const page = (ids: string, cursor: string | null = "next") =>
  ({
    items: [...ids].map((id) => ({ pin: { id }, reason: "fresh", score: 1 })),
    cursor,
    region: "weur",
    degraded: [],
  }) as unknown as FeedPage;
const wall = (...ids: string[]): Wall => ({ pages: ids.map((each) => page(each)), pageParams: ids.map(() => null) });
const idsOf = (each: Wall, hidden: string[] = []) =>
  wallItems(each, new Set(hidden))
    .map(({ pin }) => pin.id)
    .join("");

test("a pin hangs once, and what is hidden not at all", () => {
  expect(idsOf(wall("abc", "cbd"))).toBe("abcd");
  expect(idsOf(wall("abc", "cbd"), ["b"])).toBe("acd");
});

test("the saved pin and all before it stay; behind it hangs the fresh feed", () => {
  const after = rehang(wall("abcd", "efgh"), "c", page("xbyfz", "fresh"));
  expect(idsOf(after)).toBe("abcxyfz");
  expect(after.pages.at(-1)?.cursor).toBe("fresh");
});

test("only what was not on the wall is marked, until the next time", () => {
  const marked = (each: Wall) =>
    wallItems(each, new Set())
      .filter(({ isArrival }) => isArrival)
      .map(({ pin }) => pin.id)
      .join("");
  const once = rehang(wall("abcd"), "b", page("xdy"));
  expect(marked(once)).toBe("xy");
  expect(marked(rehang(once, "x", page("dyz")))).toBe("z");
});

test("a wall that only grew hangs as before", () => {
  expect(hangsOtherwise(wall("abc"), wall("abc", "de"))).toBe(false);
  expect(hangsOtherwise(wall("abc", "de"), wall("abc"))).toBe(false);
  expect(hangsOtherwise(wall("abc"), wall("acb"))).toBe(true);
});

test("a pin from elsewhere renews the whole wall", () => {
  expect(idsOf(rehang(wall("abc"), "q", page("xa")))).toBe("xa");
});
