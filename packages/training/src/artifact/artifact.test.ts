import { describe, expect, test } from "vitest";
import { ArtifactError, readArtifact, readArtifactHeader } from "./read.ts";
import { quantiseVectors, vectorOf } from "./vectors.ts";
import { artifactParts, type Model } from "./write.ts";

const vectors = Float32Array.from({ length: 3 * 8 }, (_, k) => Math.sin(k * 7) * (k < 8 ? 10 : 0.1));
const model: Model = {
  header: {
    modelVersion: "2026-11-20",
    users: 5,
    saves: 9,
    dataFrom: 1_700_000_000_000,
    dataThrough: null,
    ials: {
      regularisation: 0.02,
      regularisationExponent: 1,
      unobservedWeight: 0.01,
      initialDeviation: 0.1,
      epochs: 12,
      seed: 1,
    },
    neighbours: { sourceExponent: 0.4, userExponent: 0.6, targetExponent: 0.6 },
    blend: [{ fromActions: 1, weights: [1, -0.8, 1.2, -0.1] }],
    validation: null,
  },
  ids: ["pin-a", "pin-ß", "pin-c"],
  vectors: quantiseVectors(vectors, 8),
  floatVectors: vectors,
  gramian: Float32Array.from({ length: 8 }, (_, k) => k + 1),
  itemMean: Float32Array.from({ length: 8 }, (_, k) => k / 8),
  popularity: Uint32Array.of(4, 3, 2),
  neighbours: {
    keep: 2,
    counts: Uint32Array.of(2, 1, 0),
    items: Uint32Array.of(1, 2, 0, 0, 0, 0),
    levels: Uint8Array.of(255, 90, 255, 0, 0, 0),
    scales: Float32Array.of(0.5, 0.25, 0),
  },
};
const bytes = joined(artifactParts(model));

describe("an artifact", () => {
  test("is read as it was written", () => {
    const { header, ...read } = readArtifact(bytes);
    const { header: written, ...rest } = model;
    expect(read).toEqual(rest);
    expect(header).toMatchObject({ ...written, dimensions: 8, items: 3, keep: 2 });
  });

  test("without float vectors is smaller and reads them as null", () => {
    const small = joined(artifactParts({ ...model, floatVectors: null }));
    expect(bytes.byteLength - small.byteLength).toBeGreaterThanOrEqual(3 * 8 * 4);
    expect(readArtifact(small).floatVectors).toBeNull();
  });

  test("can be read from the middle of a buffer", () => {
    const shifted = new Uint8Array(bytes.byteLength + 1);
    shifted.set(bytes, 1);
    expect(readArtifact(shifted.subarray(1)).gramian).toEqual(model.gramian);
  });

  test("tells by its first bytes where a pin's neighbours lie", () => {
    const { sections, keep } = readArtifactHeader(bytes.subarray(0, 8_192));
    const at = (sections.neighbourItems?.offset ?? 0) + 1 * keep * 4;
    expect(new DataView(bytes.buffer).getUint32(at, true)).toBe(0);
    expect(new DataView(bytes.buffer).getUint32(at - 4, true)).toBe(2);
  });

  test("cut off at any length is refused as such and never read half", () => {
    for (let length = 0; length < bytes.byteLength - 16; length += 5) {
      expect(() => readArtifact(bytes.slice(0, length)), `${length} bytes`).toThrow(ArtifactError);
    }
  });

  test.each([
    ["another magic", (view: DataView) => view.setUint32(0, 7, true), "not a training artifact"],
    ["another format", (view: DataView) => view.setUint32(4, 2, true), "has format 2, not 1"],
    ["a header beyond the limit", (view: DataView) => view.setUint32(8, 70_000, true), "more than 65536 bytes"],
    ["a header that is not JSON", (view: DataView) => view.setUint8(16, 0x5b), "not JSON"],
    [
      "a neighbour beyond the items",
      (view: DataView) => view.setUint32(offsetOf("neighbourItems"), 3, true),
      "A neighbour is not an item.",
    ],
    [
      "a list longer than kept",
      (view: DataView) => view.setUint32(offsetOf("neighbourCounts"), 3, true),
      "A list of neighbours is too long.",
    ],
    [
      "a number that is none",
      (view: DataView) => view.setFloat32(offsetOf("gramian"), Number.NaN, true),
      "a number that is none",
    ],
    ["fewer ids", (view: DataView) => view.setUint8(offsetOf("ids") + 5, 0x2d), "has 2 ids for 3 items"],
  ])("with %s is refused", (_, damage, message) => {
    const damaged = bytes.slice();
    damage(new DataView(damaged.buffer));
    expect(() => readArtifact(damaged)).toThrow(message);
  });

  test("with a section shorter than its items is refused", () => {
    const text = new TextDecoder("latin1").decode(bytes);
    const at = text.indexOf('"gramian":{"offset":') + 20;
    const digits = text.slice(at).search(/\}/);
    const damaged = bytes.slice();
    // 32 bytes become 16: four dimensions of eight.
    damaged.set(new TextEncoder().encode(text.slice(at, at + digits).replace(":32", ":16")), at);
    expect(() => readArtifact(damaged)).toThrow("gramian have a wrong length");
  });

  test("with an id on two lines is not written", () => {
    expect(() => artifactParts({ ...model, ids: ["a\nb", "c", "d"] })).toThrow(RangeError);
  });
});

test("int8 vectors keep norms and are off by at most half a step", () => {
  for (let row = 0; row < 3; row++) {
    const exact = vectors.subarray(row * 8, row * 8 + 8);
    const step = Math.max(...exact.map(Math.abs)) / 127;
    vectorOf(model.vectors, row).forEach((value, k) => {
      expect(Math.abs(value - (exact[k] ?? 0))).toBeLessThanOrEqual(step / 2 + 1e-6);
    });
  }
});

function offsetOf(name: string): number {
  return readArtifactHeader(bytes).sections[name]?.offset ?? 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
