import type { PinCard } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { pictureSources, wallRatio } from "./picture-sources.ts";

const renditions = { thumbnail: "/i/p/thumbnail", feed: "/i/p/feed", detail: "/i/p/detail", zoom: "/i/p/zoom" };
const pin = (changes: Partial<PinCard>) => ({ renditions, width: 3000, height: 4000, ...changes }) as PinCard;

test("widths are those that the presets really give", () => {
  expect(pictureSources(pin({}))?.srcSet).toBe("/i/p/medium 236w, /i/p/feed 474w, /i/p/detail 735w, /i/p/zoom 1200w");
  expect(pictureSources(pin({ width: 1000, height: 4000 }))?.srcSet).toBe(
    "/i/p/feed 158w, /i/p/medium 236w, /i/p/detail 245w, /i/p/zoom 400w",
  );
});

test("a small picture is offered once, at its own size", () => {
  expect(pictureSources(pin({ width: 200, height: 150 }))?.srcSet).toBe("/i/p/medium 200w");
});

test("a signed pin has only the URLs that came with it", () => {
  const signed = { thumbnail: "/t?sig=1", feed: "/f?sig=2", detail: "/d?sig=3", zoom: "/z?sig=4" };
  expect(pictureSources(pin({ renditions: signed }))?.srcSet).toBe("/f?sig=2 474w, /d?sig=3 735w, /z?sig=4 1200w");
});

test("a pin of words has no picture, and every place has a bounded ratio", () => {
  expect(pictureSources(pin({ renditions: null }))).toBeNull();
  expect(wallRatio(pin({ renditions: null }))).toBeCloseTo(4 / 3);
  expect(wallRatio(pin({ width: null, height: null }))).toBe(0.75);
  expect(wallRatio(pin({ width: 10, height: 1000 }))).toBe(0.42);
  expect(wallRatio(pin({ width: 1000, height: 10 }))).toBe(2.4);
});
