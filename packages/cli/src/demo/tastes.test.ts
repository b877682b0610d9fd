import { Handle } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { demoPeople, fansOf, savesOf } from "./tastes.ts";

const categories = ["dunes", "waves", "botany", "mosaic"];
const pinIds = new Map(categories.map((name) => [name, Array.from({ length: 40 }, (_, i) => `${name} ${i}`)]));

test("sixty people with different handles have one to three likes each", () => {
  const people = demoPeople(categories);
  expect(new Set(people.map(({ handle }) => handle)).size).toBe(60);
  for (const { handle, likes } of people) {
    expect(Handle.safeParse(handle).success).toBe(true);
    expect(likes.length).toBeGreaterThanOrEqual(1);
    expect(likes.length).toBeLessThanOrEqual(3);
    expect(new Set(likes).size).toBe(likes.length);
  }
  expect(demoPeople(categories)).toEqual(people);
});

test("people save what they like, each pin once, and the same on every machine", () => {
  for (const person of demoPeople(categories).slice(0, 12)) {
    const saves = savesOf(person, pinIds, 20);
    expect(new Set(saves).size).toBe(20);
    expect(savesOf(person, pinIds, 20)).toEqual(saves);
    const liked = saves.filter((pin) => person.likes.includes(pin.split(" ")[0] ?? ""));
    expect(liked.length).toBeGreaterThan(14);
  }
});

test("nobody saves all of a category: the feed has something left to find", () => {
  const saves = savesOf({ handle: "ada", name: "Ada", likes: ["dunes"] }, pinIds, 60);
  const dunes = saves.filter((pin) => pin.startsWith("dunes"));
  expect(dunes.length).toBeGreaterThan(15);
  expect(dunes.length).toBeLessThan(30);
});

test("a person of an empty catalogue saves nothing", () => {
  const [ada] = demoPeople(categories);
  expect(ada && savesOf(ada, new Map(), 30)).toEqual([]);
});

test("a folder has a fan for each of its first twelve boards, whatever the boards are called", () => {
  const names = ["t-shirt", "été à la mer", "日本", "t shirt", ...Array.from({ length: 20 }, (_, i) => `board ${i}`)];
  const fans = fansOf(names);
  expect(fans.length).toBeLessThanOrEqual(12);
  expect(new Set(fans.map(({ handle }) => handle)).size).toBe(fans.length);
  for (const { handle } of fans) expect(Handle.safeParse(handle).success, handle).toBe(true);
  expect(fans[0]).toMatchObject({ handle: "t-shirt-fan", name: "T-shirt fan", likes: ["t-shirt"] });
});
