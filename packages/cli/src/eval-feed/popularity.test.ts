import { evaluate, savesOf } from "@vitrine/training";
import { expect, test } from "vitest";
import { popularityFloor } from "./popularity.ts";

test("the floor is what the training's own protocols say of popularity", () => {
  const items = 40;
  const users = 30;
  const saves = savesOf(
    Array.from({ length: users }, (_, user) => Array.from({ length: 8 }, (_, n) => (n * n + user * (n % 3)) % items)),
    items,
  );
  const data = {
    saves,
    heldOut: Uint32Array.from({ length: users }, (_, user) => (user * 11 + 3) % items),
    negativesOf: (user: number) => Uint16Array.from({ length: 15 }, (_, n) => (user + n * 5) % items),
    negativesPerUser: 15,
    takenOut: 0,
  };
  const all = Array.from({ length: users }, (_, user) => user);
  const counts = new Float32Array(items);
  for (const item of saves.columns) counts[item] = (counts[item] ?? 0) + 1;
  const held = { saves, items: data.heldOut, negativesOf: data.negativesOf };
  const expected = evaluate(held, (_saved, scores) => scores.set(counts), { users: all });
  const { sampled, full } = popularityFloor(data, { sampledUsers: all, fullUsers: all });
  expect(sampled).toMatchObject(expected.sampled);
  expect(full).toMatchObject({ ...expected.full, coverageAt10: expected.coverageAt10 });
});
