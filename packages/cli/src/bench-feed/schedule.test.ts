import { seededSequence } from "@vitrine/vectors";
import { expect, test } from "vitest";
import { drawUsers, zipfSequence } from "./drawn-users.ts";
import { scheduleOf } from "./schedule.ts";

const options = {
  rate: 50,
  seconds: 20,
  savesPercent: 5,
  newcomersPercent: 2,
  users: 400,
  firstNewcomer: 400,
  pins: 900,
};

test("feeds come at the rate, saves and trivial requests between them", () => {
  const turns = scheduleOf(options);
  const of = (kind: string) => turns.filter((turn) => turn.kind === kind);
  expect(of("feed").map(({ dueMillis }) => dueMillis)).toEqual(Array.from({ length: 1000 }, (_, n) => n * 20));
  expect(of("save")).toHaveLength(50);
  expect(of("trivial")).toHaveLength(250);
  expect(new Set(turns.map(({ dueMillis }) => dueMillis)).size).toBe(turns.length);
  expect(turns.map(({ dueMillis }) => dueMillis)).toEqual(
    turns.map(({ dueMillis }) => dueMillis).sort((a, b) => a - b),
  );
  expect(scheduleOf(options)).toEqual(turns);
});

test("more saves than feeds are due one after the other", () => {
  const turns = scheduleOf({ ...options, seconds: 1, savesPercent: 250 });
  expect(turns.filter(({ kind }) => kind === "save")).toHaveLength(125);
});

test("newcomers come once each, to every region", () => {
  const feeds = scheduleOf(options).filter((turn) => turn.kind === "feed");
  const newcomers = feeds.filter(({ user }) => user >= options.firstNewcomer);
  expect(newcomers.map(({ user }) => user)).toEqual(Array.from({ length: 20 }, (_, n) => 400 + n));
  expect(new Set(newcomers.map(({ region }) => region)).size).toBe(9);
  expect(feeds.filter(({ region }) => region)).toHaveLength(20);
});

test("users come by Zipf's law", () => {
  const next = zipfSequence(1000, seededSequence(5));
  const counts = new Uint32Array(1000);
  for (let n = 0; n < 200_000; n++) {
    const user = next();
    counts[user] = (counts[user] ?? 0) + 1;
  }
  const harmonic = Array.from({ length: 1000 }, (_, n) => 1 / (n + 1)).reduce((sum, weight) => sum + weight, 0);
  for (const n of [1, 2, 10, 50]) {
    const expected = 200_000 / (n * harmonic);
    expect(Math.abs((counts[n - 1] ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
  }
});

test("drawn users save mostly from few clusters", () => {
  const { users, columns, offsets } = drawUsers({ pins: 2000, users: 300 });
  expect(users).toBe(300);
  for (let user = 0; user < users; user++) {
    const own = columns.subarray(offsets[user], offsets[user + 1]);
    const byCluster = Map.groupBy(own, (item) => Math.floor(item / 100));
    const three = [...byCluster.values()]
      .map(({ length }) => length)
      .sort((a, b) => b - a)
      .slice(0, 3);
    expect(three.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(own.length * 0.6);
  }
});
