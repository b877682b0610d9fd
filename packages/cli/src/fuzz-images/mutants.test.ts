import { expect, test } from "vitest";
import { type Mutant, mutantOf, mutationNames } from "./mutants.ts";

const file = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
const mutants = Array.from({ length: 300 }, (_, number) => mutantOf(file, { seed: "s", number, name: "a.jpg" }));

/** The sum that FNV-1a makes: short, and other for every other byte. */
function digest({ bytes }: Mutant): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

test("the same seed, number and name make the same mutant, on every machine", () => {
  expect(mutantOf(file, { seed: "s", number: 7, name: "a.jpg" })).toEqual(mutants[7]);
  expect(mutants.slice(0, 6).map((mutant) => [mutant.mutation, mutant.bytes.length, digest(mutant)])).toMatchSnapshot();
});

test("another seed, number or name makes another", () => {
  const others = [
    mutantOf(file, { seed: "t", number: 0, name: "a.jpg" }),
    mutantOf(file, { seed: "s", number: 1, name: "a.jpg" }),
    mutantOf(file, { seed: "s", number: 0, name: "b.jpg" }),
  ];
  expect(new Set([mutants[0], ...others].map((mutant) => mutant && digest(mutant))).size).toBe(4);
});

test("every mutation comes up, and nearly every mutant differs from its file", () => {
  expect(new Set(mutants.map(({ mutation }) => mutation))).toEqual(new Set(mutationNames));
  const same = mutants.filter(({ bytes }) => Buffer.compare(bytes, file) === 0);
  expect(same.length).toBeLessThan(10);
});

test("the file itself is left alone, and each mutation keeps to its form", () => {
  expect(file[5]).toBe(155);
  for (const { mutation, bytes } of mutants) {
    const grown = bytes.length - file.length;
    if (mutation === "truncation" || mutation === "chunk-removal") expect(grown).toBeLessThan(0);
    else if (mutation === "chunk-duplication") expect(grown).toBeGreaterThan(0);
    else expect(grown).toBe(0);
    if (mutation === "header-field") expect(Buffer.compare(bytes.subarray(516), file.subarray(516))).toBe(0);
  }
});

test.each([0, 1, 2])("a file of %i bytes can be broken as well", (length) => {
  for (let number = 0; number < 60; number++) {
    expect(mutantOf(file.slice(0, length), { seed: "s", number, name: "tiny" }).bytes.length).toBeLessThanOrEqual(
      length * 2,
    );
  }
});
