import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@vitrine/client";
import type { Model } from "@vitrine/contracts";
import { readArtifact } from "@vitrine/training";
import { seededSequence } from "@vitrine/vectors";
import { afterAll, expect, test } from "vitest";
import { metricsLines, modelTable } from "./metrics.ts";
import { trainFile } from "./offline.ts";
import { createTrainProgress } from "./progress.ts";
import { trainStack } from "./stack.ts";

const folder = mkdtempSync(join(tmpdir(), "vitrine-train-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const model: Model = {
  version: "m0000000001",
  status: "training",
  createdAt: "2026-11-20T15:40:00.000Z",
  dimensions: 128,
  users: 1_200,
  pins: 340,
  saves: 56_000,
  metrics: null,
  note: "Learning: epoch 1 of 12.",
  progress: 0.1,
};

function silent(lines: string[] = []) {
  return createTrainProgress({ isTerminal: false, print: (line) => lines.push(line), now: () => 0 });
}

test("a file of saves becomes an artifact, and the held-out items are not in what is learned", async () => {
  const random = seededSequence(3);
  // Two tastes: even and odd items.
  const lists = Array.from({ length: 300 }, (_, user) =>
    Array.from({ length: 12 }, () => Math.floor(random() * 60) * 2 + (user % 2)),
  );
  const heldOut = lists.map((list) => list[0] ?? 0);
  const out = join(folder, "model.vtrn");
  const { lines } = await trainFile({
    file: file("train.txt", `${lists.map((list) => list.join(" ")).join("\n")}\n`),
    heldOut: file("held.txt", `${heldOut.join("\n")}\n`),
    out,
    settings: { dimensions: 8, epochs: 3 },
    progress: silent(),
  });
  const { header, popularity } = readArtifact(readFileSync(out));
  const left = lists.map((list, user) => new Set(list.filter((item) => item !== heldOut[user])));
  expect(header).toMatchObject({ users: 300, dimensions: 8, saves: left.reduce((sum, { size }) => sum + size, 0) });
  expect(popularity[0]).toBe(left.filter((items) => items.has(0)).length);
  expect(lines[0]).toMatch(/^Learned from [\d,]+ saves of 300 users and 120 pins in 0\.0 s; the artifact is /);
  // By chance 0.1 of the held-out items are among the first ten of a hundred; who knows the two tastes has 0.2.
  const sampled = Number(/held\.txt +300 +([\d.]+)/.exec(lines.join("\n"))?.[1]);
  expect(sampled).toBeGreaterThan(0.15);
});

test("held-out items of other users are refused in a sentence", async () => {
  const train = file("two.txt", "1 2\n3 4\n");
  const asked = trainFile({ file: train, heldOut: file("one.txt", "1\n"), out: "x", settings: {}, progress: silent() });
  await expect(asked).rejects.toThrow(/has 1 lines and .* 2: give one for each user\.$/);
});

test("a training on a stack is told until it is over, through a stack that is away for a moment", async () => {
  const answers = [
    model,
    null,
    { ...model, progress: 0.2, note: "Learning: epoch 4 of 12." },
    { ...model, status: "serving" },
  ];
  const lines: string[] = [];
  const models = {
    train: async () => model,
    get: async () => answers.shift() ?? Promise.reject(new Error("away")),
  } as unknown as Client["models"];
  const done = await trainStack({ models }, {}, { url: "http://a.example", progress: silent(lines), lookEvery: 0 });
  expect(done.status).toBe("serving");
  expect(lines).toEqual(["   10 % · Learning: epoch 1 of 12."]);
});

test("models are told with what they found", () => {
  const metrics = {
    sampledHitRateAt10: 0.9123,
    sampledNdcgAt10: 0.62,
    fullHitRateAt10: 0.1091,
    fullNdcgAt10: 0.05,
    coverageAt10: 0.61,
    users: 3_000,
  };
  const serving: Model = { ...model, status: "serving", metrics, note: "It serves." };
  expect(modelTable([model, serving])).toEqual([
    "version      status         begun              saves  pins  sampled HR@10  full HR@10",
    "m0000000001  training 10 %  2026-11-20 15:40  56,000   340              –           –",
    "m0000000001  serving        2026-11-20 15:40  56,000   340         0.9123      0.1091",
  ]);
  expect(modelTable([])).toEqual(["There is no model yet: vitrine train makes one."]);
  expect(metricsLines(serving).join("\n")).toContain("among 99 others  0.9123   0.6200");
  expect(metricsLines(model).at(-1)).toBe("  not measured: too few users have five saves");
});
