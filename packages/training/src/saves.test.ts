import { expect, test } from "vitest";
import { countsOf, itemsOf, savesOf, transposed, without } from "./saves.ts";

const saves = savesOf([[2, 0, 2], [], [1, 2]], 4);

test("rows are ascending and name each item once", () => {
  expect(Array.from({ length: 3 }, (_, user) => [...itemsOf(saves, user)])).toEqual([[0, 2], [], [1, 2]]);
  expect([...countsOf(saves)]).toEqual([2, 0, 2]);
});

test("the transposed saves name the users of each item, and transposing again gives the same", () => {
  const byItem = transposed(saves);
  expect(Array.from({ length: 4 }, (_, item) => [...itemsOf(byItem, item)])).toEqual([[0], [2], [0, 2], []]);
  expect(transposed(byItem)).toEqual(saves);
});

test("an item is taken out of its user's row and of no other", () => {
  const rest = without(saves, [2, -1, 1]);
  expect(Array.from({ length: 3 }, (_, user) => [...itemsOf(rest, user)])).toEqual([[0], [], [2]]);
});

test("an item beyond the catalogue is refused", () => {
  expect(() => savesOf([[4]], 4)).toThrow("Item 4 of user 0 is not below 4.");
});
