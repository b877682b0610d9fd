import type { Client } from "@vitrine/client";
import type { Model, PinId, UserId } from "@vitrine/contracts";
import { expect, test } from "vitest";
import type { Asking } from "./asking.ts";
import { trainByPlatform } from "./platform-training.ts";

const version = "m0000000001";

/** Models in the given states, one after the other, all done with the last; `rank` answers by the model only from its second answer on. */
function platform(statuses: Model["status"][]) {
  const served: string[] = [];
  let answers = 0;
  const model = () => {
    const progress = statuses.length > 1 ? 0.99 : 1;
    return { version, status: statuses.length > 1 ? statuses.shift() : statuses[0], note: "So it is.", progress };
  };
  const models = {
    train: async () => model(),
    get: async () => model(),
    serve: async (which: string) => {
      served.push(which);
      return model();
    },
  } as unknown as Client["models"];
  const asking: Asking = {
    troubles: { errors: {}, degraded: {} },
    rank: async () => ({ items: [], unknownPins: [], degraded: [], model: ++answers > 1 ? version : null }),
    feed: async () => null,
  };
  const run = () =>
    trainByPlatform(
      { models },
      { asking, probe: { userId: "usr_0" as UserId, pinId: "pin_0" as PinId }, onNote: () => {}, pollMillis: 1 },
    );
  return { run, served, answers: () => answers, left: () => statuses.length };
}

test("a training is waited for until the API ranks by it", async () => {
  const { run, answers } = platform(["training", "training", "candidate", "serving"]);
  expect((await run()).model.version).toBe(version);
  expect(answers()).toBe(2);
});

test("it is waited until all is done that follows on serving", async () => {
  const { run, left } = platform(["training", "serving", "serving", "serving"]);
  expect((await run()).model.progress).toBe(1);
  expect(left()).toBe(1);
});

test("a model that is held to be worse serves all the same", async () => {
  const { run, served } = platform(["training", "rejected", "candidate", "serving"]);
  await run();
  expect(served).toEqual([version]);
});

test("a training that failed ends the measure with its note", async () => {
  await expect(platform(["training", "failed"]).run()).rejects.toThrow("ended failed: So it is.");
});
