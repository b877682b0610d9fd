import { expect, test } from "vitest";
import { Dwell } from "./dwell.ts";

function dwellByHand() {
  const due = new Set<() => void>();
  const dwelt: string[] = [];
  const dwell = new Dwell(
    (pinId) => dwelt.push(pinId),
    (work) => {
      due.add(work);
      return () => due.delete(work);
    },
  );
  const pass = () => {
    for (const work of due) work();
    due.clear();
  };
  return { dwell, dwelt, pass };
}

test("a pin that stays is viewed once", () => {
  const { dwell, dwelt, pass } = dwellByHand();
  dwell.enter("a");
  dwell.enter("a");
  pass();
  dwell.enter("a");
  pass();
  expect(dwelt).toEqual(["a"]);
});

test("a pin that leaves too soon is not viewed, and may be later", () => {
  const { dwell, dwelt, pass } = dwellByHand();
  dwell.enter("a");
  dwell.leave("a");
  pass();
  expect(dwelt).toEqual([]);
  dwell.enter("a");
  dwell.enter("b");
  dwell.leaveAll();
  dwell.enter("b");
  pass();
  expect(dwelt).toEqual(["b"]);
});
