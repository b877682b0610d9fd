import { expect, test } from "vitest";
import { contextOf, drawCandidates, fragmentOf } from "./drawn-candidates.ts";
import { notOwn } from "./filters.ts";
import { gather } from "./gather.ts";

const drawn = drawCandidates(6);
const [a, b, c, d, e, f] = drawn;
if (!a || !b || !c || !d || !e || !f) throw new Error("six were drawn");

test("a pin of several sources is one candidate with its most telling reason and the most that a source gives it", () => {
  const fragments = [
    fragmentOf([a, b], "trending"),
    fragmentOf([b, c], "taste"),
    fragmentOf([c, d], "fresh"),
    fragmentOf([e, f], "explore"),
    fragmentOf([d, f], "followed"),
  ];
  for (const order of [fragments, fragments.toReversed()]) {
    const gathered = new Map(gather(order, [], contextOf()).map((scored) => [scored.candidate, scored]));
    const reasons = drawn.map((candidate) => gathered.get(candidate)?.reason);
    expect(reasons).toEqual(["trending", "taste", "taste", "followed", "explore", "followed"]);
    expect(gathered.get(a)?.worth).toBeCloseTo(0.6);
    expect(gathered.get(b)?.worth).toBeCloseTo(0.3);
    expect(gathered.get(c)).toMatchObject({ isFresh: true, isExplored: false });
    expect(gathered.get(f)).toMatchObject({ isFresh: false, isExplored: true });
  }
});

test("a neighbour is there because of the saved pin that it is nearest to", () => {
  const fragments = [
    fragmentOf([b, a], "neighbours", "pin_1"),
    fragmentOf([a, b], "neighbours", "pin_2"),
    fragmentOf([a], "taste"),
  ];
  for (const order of [fragments, fragments.toReversed()]) {
    const because = new Map(gather(order, [], contextOf()).map((scored) => [scored.candidate, scored.because]));
    expect([because.get(a), because.get(b)]).toEqual(["pin_2", "pin_1"]);
  }
});

test("a refused pin stays refused, whatever source brings it", () => {
  const context = contextOf({ userId: a.pin.userId });
  const gathered = gather([fragmentOf([a, b], "taste"), fragmentOf([a], "followed")], [notOwn], context);
  expect(gathered.map(({ candidate }) => candidate)).toEqual([b]);
});
