import type { Client } from "@vitrine/client";
import { type BulkReport, bulkOps } from "@vitrine/contracts";
import { itemsOf, savesOf } from "@vitrine/training";
import { expect, test } from "vitest";
import type { Asking } from "../measures/asking.ts";
import { worldOf } from "../measures/world.ts";
import { examineNewcomers, knownCounts } from "./newcomers.ts";

interface Line {
  op: string;
  id?: string;
  userId?: string;
  pinId?: string;
}

const items = 60;
const world = worldOf(items);
const saves = savesOf([Array.from({ length: 12 }, (_, n) => n), Array.from({ length: 4 }, (_, n) => 20 + n)], items);
const itemOf = new Map(world.pinIds.map((pinId, item) => [pinId as string, item]));
const heldOut = Uint32Array.of(40, 41);
const data = { saves, heldOut, negativesOf: () => Uint16Array.of(50, 51), negativesPerUser: 2, takenOut: 0 };

test("accounts are told so many saves of their user, never the held-out one, and all is taken back", async () => {
  const kept = new Map<string, Set<string>>();
  const asked: number[] = [];
  const counts = Object.fromEntries(bulkOps.map((op) => [op, { taken: 0, known: 0 }])) as BulkReport["counts"];
  const service = {
    bulk: {
      async load(text: string) {
        for (const line of text.split("\n").map((each) => JSON.parse(each) as Line)) {
          if (line.op === "user") kept.set(line.id ?? "", new Set());
          const own = kept.get(line.userId ?? "");
          if (line.op === "save") own?.add(line.pinId ?? "");
          if (line.op === "unsave") expect(own?.delete(line.pinId ?? "")).toBe(true);
        }
        return { counts, refused: 0, problems: [] };
      },
    },
  } as unknown as Client;
  const asking: Asking = {
    troubles: { errors: {}, degraded: {} },
    async rank(userId) {
      const told = [...(kept.get(userId) ?? [])].map((pinId) => itemOf.get(pinId) ?? -1);
      const user = told.every((item) => itemsOf(saves, 0).includes(item)) ? 0 : 1;
      expect(told.every((item) => itemsOf(saves, user).includes(item))).toBe(true);
      expect(told).not.toContain(heldOut[user]);
      asked.push(told.length);
      return null;
    },
    feed: async () => null,
  };
  const findings = await examineNewcomers(service, { asking, world, data }, [0, 1]);
  // The second user has four saves: too few to be asked with five and ten.
  expect(asked).toEqual([1, 1, 3, 3, 5, 10, 12, 4]);
  expect(findings.map(({ known, figures }) => [known, figures.users])).toEqual(
    knownCounts.map((known) => [known, known === 5 || known === 10 ? 1 : 2]),
  );
  expect([...kept.values()].every((own) => own.size === 0)).toBe(true);
});
