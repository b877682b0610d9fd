/** What every codec must do, whoever made it. A codec's own test is one call of this. */
import { expect, test } from "vitest";
import type { Codec } from "../codecs/codec.ts";
import type { Reduction } from "../geometry.ts";
import { probePicture } from "../probe/probe.ts";
import { reduce } from "../steps/reduce.ts";
import { drawCompass, drawFading, meanDifference } from "./draw.ts";

export interface CodecTraits {
  keepsAlpha: boolean;
  /** Mean difference a channel that encoding at quality 90 may leave. */
  tolerance: number;
}

export function testCodec(codec: Codec, { keepsAlpha, tolerance }: CodecTraits): void {
  const name = codec.format;
  const opaque = { quality: 90, hasAlpha: false };
  const decode = (bytes: Uint8Array, reduction: Reduction = 1) =>
    codec.decode(bytes, { probe: probePicture(bytes), reduction });

  test(`${name}: what was encoded is decoded again`, () => {
    const picture = drawCompass({ width: 150, height: 101 });
    const bytes = codec.encode(picture, opaque);
    expect(probePicture(bytes)).toMatchObject({ format: name, width: 150, height: 101, orientation: 1 });
    expect(meanDifference(decode(bytes), picture)).toBeLessThanOrEqual(tolerance);
  });

  test.each([
    { width: 1, height: 1 },
    { width: 1, height: 37 },
    { width: 300, height: 2 },
  ])(`${name}: $width×$height comes back in its size`, (size) => {
    const bytes = codec.encode(drawCompass(size), opaque);
    expect(decode(bytes)).toMatchObject(size);
  });

  test.each([2, 4, 8] as const)(`${name}: reduced by %i is the box filter of the whole`, (reduction) => {
    const bytes = codec.encode(drawCompass({ width: 149, height: 83 }), opaque);
    const reduced = decode(bytes, reduction);
    expect(reduced).toMatchObject({ width: Math.ceil(149 / reduction), height: Math.ceil(83 / reduction) });
    // An engine that scales in the frequency domain differs by a little.
    expect(meanDifference(reduced, reduce(decode(bytes), reduction))).toBeLessThan(1.5);
  });

  test(`${name}: a lower quality takes no more bytes`, () => {
    const picture = drawCompass({ width: 320, height: 240 });
    const [low, high] = [20, 95].map((quality) => codec.encode(picture, { quality, hasAlpha: false }).length);
    expect(low).toBeLessThanOrEqual(high ?? 0);
  });

  test.runIf(keepsAlpha)(`${name}: keeps alpha`, () => {
    const picture = drawFading({ width: 64, height: 48 });
    const bytes = codec.encode(picture, { quality: 90, hasAlpha: true });
    expect(probePicture(bytes).hasAlpha).toBe(true);
    const alpha = (data: Uint8Array) => data.filter((_, i) => i % 4 === 3);
    const [before, after] = [alpha(picture.data), alpha(decode(bytes).data)];
    expect(Math.max(...after.map((value, i) => Math.abs(value - (before[i] ?? 0))))).toBeLessThan(6);
  });

  test(`${name}: a cut-off file throws, and the next picture is fine`, () => {
    const picture = drawCompass({ width: 200, height: 150 });
    const bytes = codec.encode(picture, opaque);
    const probe = probePicture(bytes);
    for (const length of [bytes.length >> 1, bytes.length - 40]) {
      expect(() => codec.decode(bytes.slice(0, length), { probe, reduction: 1 })).toThrow();
    }
    expect(meanDifference(decode(bytes), picture)).toBeLessThanOrEqual(tolerance);
  });
}
