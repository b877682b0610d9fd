/** Animations by their pixels: every frame as the test draws it itself, or as sharp shows the same file. */
import type { Raster } from "@vitrine/contracts";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { pictureLimits } from "./limits.ts";
import { parseOptions, planOptions } from "./options/index.ts";
import { lookAndDecide, makePicture, planPicture } from "./pipeline.ts";
import { probePicture, probePrefix } from "./probe/probe.ts";
import { meanDifference } from "./testing/draw.ts";
import { type GifFrame, gifAnimation, transparentIndex, webpAnimation } from "./testing/draw-animation.ts";
import { installedCodecs } from "./testing/installed-codecs.ts";

const { codecs } = installedCodecs();
const tools = { codecs, now: () => 0 };
const colours = [0xff0000, 0x00ff00, 0x0000ff];
const [none, red, green, blue] = [transparentIndex, 1, 2, 3] as const;

async function renditionOf(bytes: Uint8Array, options: string, accept = "image/webp"): Promise<Uint8Array> {
  const probe = probePicture(bytes);
  const { plan } = planOptions(parseOptions(options), { hints: { accept }, source: probe });
  const planned = planPicture(probe, await lookAndDecide(bytes, { probe, plans: [plan] }, tools));
  const { renditions, peakMemoryBytes } = await makePicture(bytes, planned, tools);
  expect(peakMemoryBytes).toBeLessThanOrEqual(planned.predictedBytes);
  return renditions[0] ?? new Uint8Array();
}

/** The frames as sharp composes them, what it says of their times, and how often they are played. */
async function framesOf(bytes: Uint8Array): Promise<{ frames: Raster[]; delays: number[]; loops: number }> {
  const image = sharp(bytes, { animated: true, failOn: "none" });
  const { pages = 1, delay = [], loop = -1 } = await image.metadata();
  const { data, info } = await image.toColourspace("srgb").ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const [width, height] = [info.width, info.height / pages];
  const frames = Array.from({ length: pages }, (_, i) => {
    const frame = new Uint8Array(data.subarray(i * width * height * 4, (i + 1) * width * height * 4));
    return { width, height, data: clean(frame) };
  });
  return { frames, delays: delay, loops: loop };
}

/** Of what is transparent the colour is not seen. */
function clean(data: Uint8Array): Uint8Array {
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 0) data.fill(0, at, at + 4);
  return data;
}

/** A letter a pixel; what has another colour or is half transparent is "?". */
function lettersOf({ width, data }: Raster): string[] {
  const names = new Map([
    ["0,0,0,0", "."],
    ["255,0,0,255", "r"],
    ["0,255,0,255", "g"],
    ["0,0,255,255", "b"],
  ]);
  const letters = Array.from(
    { length: data.length / 4 },
    (_, i) => names.get(data.subarray(i * 4, i * 4 + 4).join()) ?? "?",
  );
  return Array.from({ length: letters.length / width }, (_, y) => letters.slice(y * width, (y + 1) * width).join(""));
}

const part = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });
const filled = (frame: ReturnType<typeof part>, index: number, of: { delay: number; disposal: number }): GifFrame => ({
  ...{ ...frame, ...of },
  indices: Array(frame.width * frame.height).fill(index),
});

/** Every disposal, an offset, a hole, and a frame that reaches beyond the canvas. */
const disposals = gifAnimation(
  [
    filled(part(0, 0, 6, 4), red, { delay: 10, disposal: 1 }),
    filled(part(1, 1, 2, 2), green, { delay: 20, disposal: 3 }),
    { ...part(2, 0, 3, 2), delay: 30, disposal: 2, indices: [blue, none, blue, none, blue, none], isInterlaced: true },
    filled(part(4, 2, 40, 50), green, { delay: 40, disposal: 0 }),
    filled(part(0, 0, 1, 1), blue, { delay: 50, disposal: 1 }),
  ],
  { width: 6, height: 4, colours, repeats: 2 },
);
const shown = [
  ["rrrrrr", "rrrrrr", "rrrrrr", "rrrrrr"],
  ["rrrrrr", "rggrrr", "rggrrr", "rrrrrr"],
  ["rrbrbr", "rrrbrr", "rrrrrr", "rrrrrr"],
  ["rr...r", "rr...r", "rrrrgg", "rrrrgg"],
  ["br...r", "rr...r", "rrrrgg", "rrrrgg"],
];

describe("all frames of", () => {
  test("a GIF are laid over each other as their disposals say, with their times and repeats", async () => {
    const { frames, delays, loops } = await framesOf(await renditionOf(disposals, "q=100"));
    expect(frames.map(lettersOf)).toEqual(shown);
    expect(delays).toEqual([100, 200, 300, 400, 500]);
    expect(loops).toBe(3);
  });

  test("a WebP lie over or replace what is there, and leave or clear it", async () => {
    const still = async (
      width: number,
      height: number,
      background: { r: number; g: number; b: number; alpha: number },
    ) =>
      new Uint8Array(
        await sharp({ create: { width, height, channels: 4, background } })
          .webp({ lossless: true, exact: true })
          .toBuffer(),
      );
    const [r, half, clear] = [
      { r: 255, g: 0, b: 0, alpha: 1 },
      { r: 0, g: 0, b: 255, alpha: 0.5 },
      { r: 0, g: 0, b: 0, alpha: 0 },
    ];
    const source = webpAnimation(
      [
        { ...part(0, 0, 6, 4), still: await still(6, 4, r), duration: 70, clears: false, blends: true },
        { ...part(2, 2, 2, 2), still: await still(2, 2, half), duration: 80, clears: true, blends: true },
        { ...part(0, 0, 2, 2), still: await still(2, 2, clear), duration: 90, clears: false, blends: true },
        { ...part(4, 0, 2, 2), still: await still(2, 2, clear), duration: 100, clears: false, blends: false },
      ],
      { width: 6, height: 4, loops: 5 },
    );
    const ours = await framesOf(await renditionOf(source, "q=100"));
    const theirs = await framesOf(source);
    expect(ours.frames.map(lettersOf)).toEqual([
      ["rrrrrr", "rrrrrr", "rrrrrr", "rrrrrr"],
      ["rrrrrr", "rrrrrr", "rr??rr", "rr??rr"],
      ["rrrrrr", "rrrrrr", "rr..rr", "rr..rr"],
      ["rrrr..", "rrrr..", "rr..rr", "rr..rr"],
    ]);
    expect(ours.frames).toEqual(theirs.frames);
    expect(ours.delays).toEqual([70, 80, 90, 100]);
    expect(ours.loops).toBe(5);
  });

  test.each(["gif", "webp"] as const)("a %s are cropped and resized as sharp resizes each", async (format) => {
    const source = await bouncing(format);
    const ours = await framesOf(await renditionOf(source, "fit=cover,w=60,h=60,q=95"));
    const theirs = await framesOf(source);
    expect(ours.frames.length).toBe(theirs.frames.length);
    for (const [i, frame] of theirs.frames.entries()) {
      const { width, height } = frame;
      const raw = { width, height, channels: 4 } as const;
      const data = await sharp(frame.data, { raw }).resize(60, 60, { fit: "cover" }).raw().toBuffer();
      const whole = { width: 60, height: 60, data: new Uint8Array(data) };
      expect(meanDifference(ours.frames[i] ?? whole, whole), `frame ${i}`).toBeLessThan(3);
    }
    expect(ours.delays).toEqual(theirs.delays);
  });

  test("an animation are turned, framed and coloured", async () => {
    const options = "q=100,rotate=90,border=blue;1;0;0;0,saturation=0";
    const { frames } = await framesOf(await renditionOf(disposals, options));
    const turned = frames.map(({ width, height, data }) => {
      expect([width, height]).toEqual([4, 7]);
      // The bar on top, then the lower left corner of the source.
      return [data.subarray(0, 3), data.subarray(16, 19)].map((pixel) => [...pixel]);
    });
    expect(turned).toEqual(
      Array(5).fill([
        [0, 0, 255],
        [76, 76, 76],
      ]),
    );
    expect(frames[1]?.data.slice(16 + 4 * 5, 16 + 4 * 5 + 3)).toEqual(Uint8Array.of(150, 150, 150));
  });
});

describe("the first frame alone comes", () => {
  const first = async (bytes: Uint8Array) => {
    const { frames } = await framesOf(bytes);
    expect(frames.length).toBe(1);
    return lettersOf(frames[0] ?? { width: 1, height: 0, data: new Uint8Array() });
  };

  test("with anim=false, and where the format does not move", async () => {
    expect(await first(await renditionOf(disposals, "q=100,anim=false"))).toEqual(shown[0]);
    expect(await first(await renditionOf(disposals, "f=png"))).toEqual(shown[0]);
    expect(await first(await renditionOf(disposals, "anim=true", "*/*"))).toEqual(shown[0]);
  });

  test("of more frames than are shown", async () => {
    const frame = (i: number) =>
      filled(part(i % 6, 0, 1, 1), 1 + ((Math.floor(i / 6) + i) % 3), { delay: 2, disposal: 1 });
    const of = (count: number) =>
      gifAnimation(
        Array.from({ length: count }, (_, i) => frame(i)),
        { width: 6, height: 4, colours },
      );
    const { maxAnimationFrames } = pictureLimits;
    const all = await framesOf(await renditionOf(of(maxAnimationFrames), "q=100"));
    expect(all.frames.length).toBe(maxAnimationFrames);
    expect(all.loops).toBe(1);
    expect((await framesOf(await renditionOf(of(maxAnimationFrames + 1), "q=100"))).frames.length).toBe(1);
  });

  test("of more pixels in all frames, in the source or in the result", async () => {
    const of = (side: number, count: number) =>
      gifAnimation(
        Array.from({ length: count }, (_, i) => filled(part(0, 0, 1, 1), 1 + (i % 3), { delay: 2, disposal: 1 })),
        { width: side, height: side, colours },
      );
    const moves = (bytes: Uint8Array, options: string) => {
      const probe = probePicture(bytes);
      const { plan } = planOptions(parseOptions(options), { hints: { accept: "image/webp" }, source: probe });
      return planPicture(probe, [plan]).renditions[0]?.isAnimated === true;
    };
    expect(moves(of(1_000, 100), "w=100")).toBe(true);
    expect(moves(of(1_000, 101), "w=100")).toBe(false);
    expect(moves(of(500, 120), "w=900,fit=contain")).toBe(true);
    expect(moves(of(500, 130), "w=900,fit=contain")).toBe(false);
    expect(moves(of(700, 100), "w=700,blur=2")).toBe(true);
    expect(moves(of(700, 100), "w=700,blur=2,saturation=0")).toBe(false);
    expect(moves(of(1_000, 12), "w=100,max-bytes=9000")).toBe(true);
    expect(moves(of(1_000, 13), "w=100,max-bytes=9000")).toBe(false);
  });

  test("where a later frame cannot be decoded", async () => {
    const damaged = disposals.slice();
    // The last frame's smallest code size: LZW ends at 12 bits.
    damaged[damaged.length - 6] = 13;
    expect(probePicture(damaged).animation?.frames.length).toBe(5);
    expect(await first(await renditionOf(damaged, "q=100"))).toEqual(shown[0]);
  });
});

test.each(["q=100", "q=80"])("frames that are all alike come as one picture (%s)", async (quality) => {
  // Not all of the canvas, so that libwebp's encoder decodes what it has made.
  const alike = filled(part(2, 2, 2, 2), red, { delay: 10, disposal: 1 });
  const source = gifAnimation([alike, alike, alike], { width: 6, height: 4, colours });
  const { frames } = await framesOf(await renditionOf(source, quality));
  expect(frames.length).toBe(1);
  const [corner, middle] = [0, 6 * 2 + 2].map((pixel) => frames[0]?.data.subarray(pixel * 4, pixel * 4 + 4) ?? []);
  expect(corner?.[3]).toBe(0);
  expect(middle?.[0]).toBeGreaterThan(240);
});

test("an animation that is cut off shows the frames that are whole", async () => {
  const cut = disposals.subarray(0, disposals.length - 8);
  const { frames } = await framesOf(await renditionOf(cut, "q=100"));
  expect(frames.map(lettersOf)).toEqual(shown.slice(0, 4));
  const webp = await bouncing("webp");
  const whole = probePicture(webp).animation?.frames ?? [];
  const shorter = await framesOf(await renditionOf(webp.subarray(0, whole.at(-1)?.at), "w=40"));
  expect(shorter.frames.length).toBe(whole.length - 1);
});

test("before all of the file is seen, as much memory is set aside as its frames may take", async () => {
  const bytes = await bouncing("gif");
  const probe = probePicture(bytes);
  const { plan } = planOptions(parseOptions("w=100"), { hints: { accept: "image/webp" }, source: probe });
  const early = probePrefix(bytes.subarray(0, 100), bytes.length);
  if (!early) throw new Error("no header");
  const [before, after] = [planPicture(early, [plan]), planPicture(probe, [plan])];
  expect(before.needsFile).toBe(true);
  expect(before.predictedBytes).toBeGreaterThanOrEqual(after.predictedBytes);
  expect(before.predictedBytes).toBeLessThanOrEqual(pictureLimits.pictureBudgetBytes);
});

test("a budget of bytes is kept by all frames together", async () => {
  const source = await bouncing("webp");
  const usual = await renditionOf(source, "q=90,w=80");
  const small = await renditionOf(source, `q=90,w=80,max-bytes=${Math.round(usual.length * 0.7)}`);
  expect(small.length).toBeLessThanOrEqual(usual.length * 0.7);
  expect((await framesOf(small)).frames.length).toBe((await framesOf(usual)).frames.length);
});

/** A disc that moves over a slope: 12 frames of 120×80, all different. */
async function bouncing(format: "gif" | "webp"): Promise<Uint8Array> {
  const [width, height, count] = [120, 80, 12];
  const data = Buffer.alloc(width * height * count * 4);
  for (let i = 0; i < width * height * count; i++) {
    const [x, y, frame] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    const isDisc = (x - 20 - 7 * frame) ** 2 + (y - 40) ** 2 < 200;
    data.set(isDisc ? [230, 60, 20, 255] : [x * 2, y * 3, 120, 255], i * 4);
  }
  const raw = { width, height: height * count, channels: 4, pageHeight: height } as const;
  const image = sharp(data, { raw });
  const delay = Array.from({ length: count }, (_, i) => 40 + 10 * i);
  return new Uint8Array(
    await (format === "gif" ? image.gif({ delay }) : image.webp({ delay, quality: 95 })).toBuffer(),
  );
}
