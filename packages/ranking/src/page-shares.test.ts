import { newPinId, newUserId, type PinId } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { maxPageShare, minPagesToGuard, PageShares } from "./page-shares.ts";

const user = newUserId("ada", { now: 1, random: 0.1 });
const pins = Array.from({ length: 6_000 }, (_, i) => newPinId(user, { now: 1 + i, random: 0.5 }));
const [loud, quiet] = pins as [PinId, PinId];
const now = 1_000 * 3_600_000;

/** Pages of which each shows `loud` at the share, and 20 pins of a large catalogue in turn. */
function reportOf(pages: number, share: number, turn = 0): { pages: number; pins: [PinId, number][] } {
  const others = Array.from({ length: pages * 20 }, (_, i) => pins[2 + ((turn + i) % 5_000)] as PinId);
  const counts = new Map<PinId, number>([[loud, Math.round(pages * share)]]);
  for (const id of others) counts.set(id, (counts.get(id) ?? 0) + 1);
  return { pages, pins: [...counts] };
}

test("a pin on more than its share of the hour's pages is named, whichever isolates showed it", () => {
  const shares = new PageShares();
  shares.add(reportOf(minPagesToGuard / 2, maxPageShare + 0.1), now);
  shares.add(reportOf(minPagesToGuard / 2, maxPageShare + 0.1, 77), now);
  expect(shares.overexposed(now)).toEqual([loud]);
});

test("a pin at its share is not named, and one that stays below the share later is named no more", () => {
  const shares = new PageShares();
  shares.add(reportOf(minPagesToGuard, maxPageShare), now);
  expect(shares.overexposed(now)).toEqual([]);
  shares.add(reportOf(minPagesToGuard, 0.5), now);
  expect(shares.overexposed(now)).toEqual([loud]);
  shares.add(reportOf(2 * minPagesToGuard, 0), now);
  expect(shares.overexposed(now)).toEqual([]);
});

test("a region of few pages names nobody", () => {
  const shares = new PageShares();
  shares.add(reportOf(minPagesToGuard - 1, 1), now);
  expect(shares.overexposed(now)).toEqual([]);
});

test("a catalogue that fits on every page names nobody but what stands out of it", () => {
  const shares = new PageShares();
  const all = pins.slice(0, 40).map((id): [PinId, number] => [id, minPagesToGuard]);
  shares.add({ pages: minPagesToGuard, pins: all }, now);
  expect(shares.overexposed(now)).toEqual([]);
  const some = pins.slice(1, 400).map((id): [PinId, number] => [id, minPagesToGuard / 100]);
  shares.add({ pages: minPagesToGuard, pins: [[quiet, minPagesToGuard], ...some] }, now);
  expect(shares.overexposed(now)).toContain(quiet);
});

test("another hour begins anew", () => {
  const shares = new PageShares();
  shares.add(reportOf(minPagesToGuard, 1), now);
  expect(shares.overexposed(now)).toEqual([loud]);
  expect(shares.overexposed(now + 3_600_000)).toEqual([]);
});

test("what is on many pages outlives the forgetting of what is on few", () => {
  const shares = new PageShares();
  for (let turn = 0; turn < 40; turn++) shares.add(reportOf(50, 0.6, turn * 997), now);
  expect(shares.overexposed(now)).toEqual([loud]);
});
