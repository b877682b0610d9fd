/** Whether a training finds out that saves go by looks, and only then. */
import { weighsLikeness } from "@vitrine/ranking";
import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import type { Pictures } from "./pictures.ts";
import { trainingSettings } from "./settings.ts";
import { drawnLooks, exchanged, kernelModule } from "./testing/drawn-saves.ts";
import { type LearnedModel, Training } from "./training.ts";

const module = kernelModule();
const settings = trainingSettings.parse({ dimensions: 8, epochs: 4, refitEpochs: 1, keep: 20, sliceRows: 500 });
// Two saves of eight are of what a pin has: too few for co-saves alone to find what goes together.
const next = seededSequence(7);
const { saves, pictures } = drawnLooks({ users: 300, items: 300, perUser: 8, kinds: 5, byLooks: 5 }, next);
const [seeing, exchangedPictures, blind] = [pictures, exchanged(pictures, next), null].map(learned) as LearnedModel[];

test("saves that go by looks give likeness a weight, and with it kept-out saves are found that were not", () => {
  expect(seeing?.findings.blend.every(({ weights }) => weighsLikeness(weights))).toBe(true);
  expect(hitRate(seeing)).toBeGreaterThan(1.3 * hitRate(blind));
});

test("the same saves with their pictures exchanged give it none, nor do saves without pictures", () => {
  for (const model of [exchangedPictures, blind]) {
    expect(model?.findings.blend.map(({ weights }) => weights[4])).toEqual([0, 0, 0, 0, 0]);
  }
  expect(exchangedPictures?.vectors).toEqual(blind?.vectors);
});

test("of pins that the model does not know, likeness lets expect more where saves go by looks", () => {
  const slopes = (model: LearnedModel | undefined) => model?.findings.blend.map((each) => each.scoreOfLikeness ?? -1);
  for (const slope of slopes(seeing) ?? []) expect(slope).toBeGreaterThan(0.3);
  for (const slope of slopes(exchangedPictures) ?? []) expect(slope).toBeLessThan(0.1);
  expect(slopes(blind)).toEqual([-1, -1, -1, -1, -1]);
});

test("a training that is resumed weighs the pictures as before, and one with other pictures is refused", () => {
  const first = new Training(module, { saves, pictures }, settings);
  while (first.stage !== "validate") first.advance();
  const resumed = new Training(module, { saves, pictures }, settings);
  resumed.restore(first.checkpoint());
  while (resumed.stage === "validate") resumed.advance();
  const other = new Training(module, { saves, pictures: exchanged(pictures, next) }, settings);
  expect(() => other.restore(first.checkpoint())).toThrow("belongs to a training with other");
  while (resumed.stage !== "done") resumed.advance();
  expect(resumed.model().findings).toEqual(seeing?.findings);
});

function learned(seen: Pictures | null): LearnedModel {
  const training = new Training(module, { saves, pictures: seen }, settings);
  while (training.stage !== "done") training.advance();
  return training.model();
}

function hitRate(model: LearnedModel | undefined): number {
  return model?.findings.evaluation?.sampled.hitRateAt10 ?? 0;
}
