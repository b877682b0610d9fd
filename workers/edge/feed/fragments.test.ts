import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { newUserId } from "@vitrine/contracts";
import { mergedSettings } from "@vitrine/ranking";
import { expect, test } from "vitest";
import { servicesOf } from "../adapters/services.ts";
import type { Services } from "../context.ts";
import { bindings } from "../testing/catalogue.ts";
import { noCalls } from "./calls.ts";
import { loadFragments } from "./fragments.ts";

test("of many cold fragments of a source some are made, and a page goes out without the others", async () => {
  const context = createExecutionContext();
  const services = servicesOf(bindings, context, new Request("http://edge/"));
  let asked = 0;
  const databases: Services["databases"] = {
    ...services.databases,
    forId: (id) => {
      asked += 1;
      return services.databases.forId(id);
    },
  };
  const requests = Array.from({ length: 40 }, (_, i) => ({
    source: "followed" as const,
    id: newUserId(`creator-${i}`, { now: 1, random: 0.5 }),
    weight: 1,
    need: "essential" as const,
  }));
  const origin = {
    region: "weur" as const,
    codebook: null,
    model: null,
    settings: mergedSettings([]),
    calls: noCalls(),
  };
  const { fragments, missing } = await loadFragments(requests, { ...origin, services: { ...services, databases } });
  expect(asked).toBe(12);
  expect(fragments).toHaveLength(12);
  expect(missing).toEqual(new Set(["followed"]));
  const again = await loadFragments(requests, { ...origin, services });
  expect(again.fragments).toHaveLength(24);
  await waitOnExecutionContext(context);
});
