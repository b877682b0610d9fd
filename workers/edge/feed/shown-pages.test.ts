import { type FeedPage, newPinId, newUserId, type PinId, type Region, type ShownPages } from "@vitrine/contracts";
import { expect, test } from "vitest";
import type { Services } from "../context.ts";
import { call, read } from "../testing/api.ts";
import { bindings, drawCatalogue } from "../testing/catalogue.ts";
import { countShown, pagesPerReport, reportAfterMillis } from "./shown-pages.ts";

const user = newUserId("ada", { now: 1, random: 0.1 });
const pins = Array.from({ length: 600 }, (_, i) => newPinId(user, { now: 1 + i, random: 0.5 }));
const reports: { region: Region; shown: ShownPages }[] = [];
const services: Parameters<typeof countShown>[0] = {
  regionStore: (region) =>
    ({
      tellShown: async (shown: ShownPages) => {
        reports.push({ region, shown });
        throw new Error("down");
      },
    }) as unknown as ReturnType<Services["regionStore"]>,
  waitUntil: () => undefined,
};
const show = (region: Region, pinIds: PinId[], now: number) => countShown(services, { region, pinIds, now });

test("many pages make one report, each region its own", () => {
  const [often = "" as PinId] = pins;
  for (let page = 0; page < pagesPerReport; page++) {
    show("weur", page % 2 ? [often, pins[page] as PinId] : [pins[page + 100] as PinId], 0);
    show("oc", [often], 0);
    if (page < pagesPerReport - 1) expect(reports).toEqual([]);
  }
  expect(reports.map(({ region, shown }) => [region, shown.pages])).toEqual([
    ["weur", pagesPerReport],
    ["oc", pagesPerReport],
  ]);
  expect(reports[0]?.shown.pins[0]).toEqual([often, pagesPerReport / 2]);
  expect(reports[1]?.shown.pins).toEqual([[often, pagesPerReport]]);
});

test("few pages are reported once their time is over, and counting begins anew, whether the report came or not", () => {
  reports.length = 0;
  show("me", pins, 1_000);
  expect(reports).toEqual([]);
  show("me", [], 1_000 + reportAfterMillis);
  expect(reports).toHaveLength(1);
  expect(reports[0]?.shown).toMatchObject({ pages: 2 });
  expect(reports[0]?.shown.pins).toHaveLength(400);
  show("me", pins, 2_000 + reportAfterMillis);
  expect(reports).toHaveLength(1);
});

test("a pin that isolates report on too many of a region's pages goes behind the others there", async () => {
  await drawCatalogue(bindings, ["shoes", "hats"], { pinsPerStyle: 60 });
  const shown = async (region: Region) => {
    const { items } = await read<FeedPage>(call("GET", `/v1/feed?region=${region}`), 200);
    return items.map(({ pin }) => pin.id);
  };
  const [first = "" as PinId] = await shown("apac");
  const seldom = pins.map((id): [PinId, number] => [id, 5]);
  for (const isolate of [1, 2]) {
    const store = bindings.REGION_STORE.get(bindings.REGION_STORE.idFromName("apac"));
    await store.tellShown({ pages: 500 * isolate, pins: [[first, 500 * isolate], ...seldom] });
  }
  expect(await shown("apac")).not.toContain(first);
  expect(await shown("sam")).toContain(first);
});
