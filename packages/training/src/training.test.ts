import { seededSequence } from "@vitrine/vectors";
import { describe, expect, test } from "vitest";
import { itemsOf, type Saves } from "./saves.ts";
import { trainingSettings } from "./settings.ts";
import { drawnSaves, kernelModule } from "./testing/drawn-saves.ts";
import { Training } from "./training.ts";

const module = kernelModule();
const saves = drawnSaves({ users: 240, items: 80, themes: 4, perUser: 12 }, seededSequence(21));
const settings = trainingSettings.parse({
  dimensions: 8,
  epochs: 3,
  refitEpochs: 2,
  keep: 20,
  sliceRows: 50,
  validationUsers: 60,
});

describe("a training", () => {
  const through = run(new Training(module, { saves }, settings));

  test("passes its stages in order and says when a checkpoint is small", () => {
    expect([...new Set(through.stages)]).toEqual(["learn", "validate", "refit", "neighbours"]);
    expect(through.training.stage).toBe("done");
  });

  test("that is stopped after any slice and resumed elsewhere has the same result to the bit", () => {
    for (let stop = 1; stop < through.stages.length; stop += 3) {
      const first = new Training(module, { saves }, settings);
      for (let slice = 0; slice < stop; slice++) first.advance();
      const resumed = new Training(module, { saves }, settings);
      resumed.restore(first.checkpoint());
      const result = run(resumed).training.model();
      expect(result, `stopped after ${stop} slices`).toEqual(through.training.model());
    }
  });

  test("whose model is done can be restored from its last checkpoint", () => {
    const restored = new Training(module, { saves }, settings);
    restored.restore(through.training.checkpoint());
    expect(run(restored).training.model()).toEqual(through.training.model());
  });

  test("finds a kept-out save of the user's theme far more often than chance", () => {
    const { evaluation, blend } = through.training.model().findings;
    expect(blend.map(({ fromActions }) => fromActions)).toEqual([1, 2, 5, 8, 16]);
    // Of 80 items 10 are 13 %; a theme has 20, of which the user has about half.
    expect(evaluation?.full.hitRateAt10).toBeGreaterThan(0.4);
  });

  test("scores the items of a theme above the others for who saved one of them", () => {
    const scores = new Float32Array(saves.items);
    const { findings } = through.training.model();
    through.training.catalogue().score(Uint32Array.of(20, 21, 22), scores, findings.blend);
    const mean = (from: number) => scores.subarray(from, from + 20).reduce((sum, score) => sum + score, 0) / 20;
    expect(mean(20)).toBeGreaterThan(Math.max(mean(0), mean(40), mean(60)));
  });
});

test("a checkpoint of other saves or settings is refused", () => {
  const checkpoint = new Training(module, { saves }, settings).checkpoint();
  const other = new Training(module, { saves }, { ...settings, seed: 2 });
  expect(() => other.restore(checkpoint)).toThrow("belongs to a training with other saves or settings");
});

test("a checkpoint that is cut off or damaged is refused", () => {
  const training = new Training(module, { saves }, settings);
  const checkpoint = training.checkpoint();
  for (const bytes of [checkpoint.slice(0, -4), checkpoint.slice(0, 20), new Uint8Array(), checkpoint.slice(8)]) {
    expect(() => training.restore(bytes)).toThrow(/checkpoint/);
  }
});

test("users with too few saves keep them all, and a training of such alone ends without metrics", () => {
  const few = drawnSaves({ users: 4, items: 12, themes: 2, perUser: 0 }, seededSequence(2));
  const { training } = run(new Training(module, { saves: few }, { ...settings, minSavesToValidate: 30 }));
  expect(itemsOf(few, 3).length).toBeGreaterThan(0);
  expect(training.model().findings.evaluation).toBeNull();
});

test("saves of nobody can be trained on", () => {
  const none: Saves = { users: 0, items: 3, offsets: new Uint32Array(1), columns: new Uint32Array() };
  const { vectors } = run(new Training(module, { saves: none }, settings)).training.model();
  expect([...vectors].every(Number.isFinite)).toBe(true);
});

function run(training: Training) {
  const stages: string[] = [];
  while (training.stage !== "done") stages.push(training.advance().stage);
  return { training, stages };
}
