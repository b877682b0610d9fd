/** Every option by the pixels that the real pipeline makes of it. */
import type { Raster } from "@vitrine/contracts";
import { describe, expect, test } from "vitest";
import { canvasOf, draw as drawOn } from "../effects/compose.ts";
import { dssim } from "../perceptual-quality.ts";
import { lookAndDecide, makePicture, planPicture } from "../pipeline.ts";
import { probePicture } from "../probe/probe.ts";
import { drawCompass } from "../testing/draw.ts";
import { testFiles } from "../testing/files.ts";
import { installedCodecs } from "../testing/installed-codecs.ts";
import { parseOptions } from "./parse-options.ts";
import { planOptions } from "./plan-options.ts";
import { optionNames } from "./table.ts";

const { codecs } = installedCodecs();
const files = testFiles(codecs);
const tools = { codecs, now: () => 0 };

const once = { opacity: 1, repeat: "none", right: null, bottom: null } as const;
const colours = { r: 0xff0000ff, g: 0x00ff00ff, b: 0x0000ffff, w: 0xffffffff, grey: 0x808080ff, none: 0 } as const;

/** 60×40: red, green over blue, white. */
const quarters = ["r", "g", "b", "w"] as const;
const flag = quarters.reduce(
  (canvas, name, i) =>
    drawOn(canvas, canvasOf({ width: 30, height: 20 }, colours[name]), {
      ...once,
      left: (i % 2) * 30,
      top: i > 1 ? 20 : 0,
    }),
  canvasOf({ width: 60, height: 40 }, colours.none),
);
const framed = drawOn(canvasOf({ width: 80, height: 60 }, colours.grey), flag, { ...once, left: 10, top: 10 });
const hollow = drawOn(
  canvasOf({ width: 60, height: 40 }, colours.none),
  canvasOf({ width: 30, height: 40 }, colours.r),
  {
    ...{ ...once, left: 0, top: 0 },
  },
);
const compass = drawCompass({ width: 300, height: 200 });

async function bytesOf(options: string, source: Raster = flag, hints = {}): Promise<Uint8Array> {
  const bytes = files.encode(source, "png", 100);
  const probe = probePicture(bytes);
  const overlayHashes = new Map([["dot", "00"]]);
  const { plan } = planOptions(parseOptions(options), { hints, source: probe, overlayHashes });
  const overlays = [canvasOf({ width: 10, height: 10 }, colours.g)];
  const decided = await lookAndDecide(bytes, { probe, plans: [plan.draw ? { ...plan, overlays } : plan] }, tools);
  const made = await makePicture(bytes, planPicture(probe, decided), tools);
  return made.renditions[0] ?? new Uint8Array();
}

async function render(options: string, source?: Raster, hints = {}): Promise<Raster> {
  return files.decode(await bytesOf(options, source, hints));
}

/** The four quarters of a rendition, by what they are nearest to, after its size. */
async function seen(options: string, source?: Raster, hints = {}): Promise<string> {
  const raster = await render(options, source, hints);
  const { width, height } = raster;
  const names = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([x = 0, y = 0]) => nameOf(pixel(raster, Math.floor(x * width), Math.floor(y * height))));
  return `${width}×${height} ${names.join(" ")}`;
}

function pixel({ width, data }: Raster, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

function nameOf(channels: number[]): string {
  const [name = "?"] =
    Object.entries(colours).find(([, colour]) =>
      [24, 16, 8, 0].every((shift, i) => Math.abs(((colour >>> shift) & 255) - (channels[i] ?? 0)) < 24),
    ) ?? [];
  return name;
}

const rows: Record<string, [options: string, seen: string, source?: Raster, hints?: object]> = {
  trim: ["trim=20;0;0;30", "30×20 w w w w"],
  "trim.top": ["trim.top=0.5", "60×20 b w b w"],
  "trim.right": ["trim.right=30", "30×40 r r b b"],
  "trim.bottom": ["trim.bottom=10,dpr=2", "60×20 r g r g"],
  "trim.left": ["trim.left=0.5", "30×40 g g w w"],
  "trim.width": ["trim.left=30,trim.width=15", "15×40 g g w w"],
  "trim.height": ["trim.height=0.5", "60×20 r g r g"],
  "trim.border.color": ["trim.border.color=gray", "60×40 r g b w", framed],
  "trim.border.tolerance": ["trim=border,trim.border.tolerance=255", "80×60 r g b w", framed],
  "trim.border.keep": ["trim=border,trim.border.keep=4", "68×48 r g b w", framed],
  flip: ["flip=h", "60×40 g r w b"],
  rotate: ["rotate=90", "40×60 b r w g"],
  "flip, rotate": ["flip=v,rotate=90", "40×60 r b g w"],
  width: ["width=30", "30×20 r g b w"],
  height: ["height=30,fit=contain", "45×30 r g b w"],
  dpr: ["width=15,dpr=2", "30×20 r g b w"],
  fit: ["fit=squeeze,w=20,h=50", "20×50 r g b w"],
  "fit, pad": ["fit=pad,w=60,h=120,background=gray", "60×120 grey grey grey grey"],
  gravity: ["fit=cover,w=20,h=40,gravity=left", "20×40 r r b b"],
  "gravity, point": ["fit=crop,w=30,h=20,trim=0;0;0;0,g=1x1,rotate=180", "30×20 w b g r"],
  wbreakpoints: ["w=auto,wbreakpoints=20;40", "40×27 r g b w", flag, { secChViewportWidth: "31" }],
  wmobile: ["w=auto,wmobile=30", "30×20 r g b w", flag, { userAgent: "Mobile" }],
  wdesktop: ["w=auto,wdesktop=15", "15×10 r g b w"],
  background: ["background=blue", "60×40 r b r b", hollow],
  brightness: ["brightness=0", "60×40 ? ? ? ?"],
  contrast: ["contrast=0", "60×40 grey grey grey grey"],
  border: ["border=red;60;0;0;0", "60×100 r r r g"],
  "border, dpr": ["border=gray;10,dpr=1.5", "90×70 r g b w"],
  draw: ["draw=dot;width=10;right=10;bottom=5", "60×40 r g b g"],
  "draw, repeated": ["draw=dot;repeat=true", "60×40 g g g g"],
};

describe("an option shows", () => {
  test.each(Object.entries(rows))("%s", async (_, [options, expected, source, hints]) => {
    expect(await seen(`f=png,${options}`, source, hints)).toBe(expected);
  });

  test("brightness, gamma and saturation in every pixel", async () => {
    const grey = canvasOf({ width: 8, height: 8 }, 0x404040ff);
    expect(pixel(await render("f=png,brightness=2", grey), 4, 4)).toEqual([128, 128, 128, 255]);
    expect(pixel(await render("f=png,gamma=2", grey), 4, 4)).toEqual([128, 128, 128, 255]);
    expect(pixel(await render("f=png,saturation=0"), 10, 10)).toEqual([76, 76, 76, 255]);
  });

  test("blur mixes at an edge, sharpen parts at it", async () => {
    const at = async (options: string) => pixel(await render(options), 29, 10);
    expect((await at("f=png,blur=3"))[0]).toBeLessThan(200);
    expect((await at("f=png"))[0]).toBe(255);
    const [before, after] = [await render("f=png", compass), await render("f=png,sharpen=10", compass)];
    expect(Math.abs((pixel(after, 2, 100)[0] ?? 0) - (pixel(before, 2, 100)[0] ?? 0))).toBeLessThan(20);
    expect(after.data).not.toEqual(before.data);
  });

  test("gravity=auto and entropy, where they look", async () => {
    const spot = drawOn(canvasOf({ width: 200, height: 50 }, colours.grey), flag, { ...once, left: 140, top: 5 });
    for (const gravity of ["auto", "entropy"]) {
      expect(await seen(`f=png,fit=cover,w=60,h=50,g=${gravity}`, spot), gravity).toBe("60×50 r g b w");
    }
  });
});

describe("an encoding is", () => {
  test("format: the one that was asked for, like the source without", async () => {
    for (const format of ["jpeg", "webp", "png", "avif"]) {
      expect(probePicture(await bytesOf(`f=${format},w=30`)).format).toBe(format);
    }
    expect(probePicture(await bytesOf("w=30")).format).toBe("png");
    expect(probePicture(await bytesOf("f=baseline-jpeg"))).toMatchObject({ format: "jpeg", coding: "plain" });
  });

  test("quality, slow-connection-quality and max-bytes: smaller", async () => {
    const size = async (options: string, hints = {}) => (await bytesOf(options, compass, hints)).length;
    const [high, low] = [await size("f=jpeg,q=90"), await size("f=jpeg,q=low")];
    expect(low).toBeLessThan(high);
    expect(await size("f=jpeg,q=90,scq=50", { saveData: "on" })).toBe(low);
    const bounded = await size(`f=jpeg,q=90,max-bytes=${low}`);
    expect(bounded).toBeLessThanOrEqual(low);
    expect(bounded).toBeGreaterThan(low * 0.9);
  });

  test("quality=auto: no more bytes than look the same", async () => {
    for (const format of ["jpeg", "webp"]) {
      const [auto, usual] = [await bytesOf(`f=${format},q=auto`, compass), await bytesOf(`f=${format},q=85`, compass)];
      expect(auto.length, format).toBeLessThan(usual.length);
      expect(dssim(files.decode(auto), compass), format).toBeLessThan(0.0121);
    }
  });

  test("webp at quality 100, and drawings: without loss", async () => {
    expect(probePicture(await bytesOf("f=webp,q=100", compass)).coding).toBe("lossless");
    expect((await render("f=webp,q=100", compass)).data).toEqual(compass.data);
    expect(probePicture(await bytesOf("f=webp")).coding).toBe("lossless");
    expect(probePicture(await bytesOf("f=webp", compass)).coding).toBe("plain");
    // Full chroma: as many samples of colour as of brightness.
    expect(probePicture(await bytesOf("f=jpeg")).samplesPerPixel).toBe(3);
    expect(probePicture(await bytesOf("f=jpeg", compass)).samplesPerPixel).toBe(1.5);
  });

  test("compression=fast: the same picture in other bytes", async () => {
    const [fast, usual] = [await bytesOf("f=png,compression=fast", compass), await bytesOf("f=png", compass)];
    expect(fast.length).not.toBe(usual.length);
    expect(files.decode(fast).data).toEqual(files.decode(usual).data);
  });
});

test("options in either order give the same bytes", async () => {
  const parts = ["f=webp", "w=40", "blur=1", "rotate=90", "border=red;3", "saturation=0.5", "trim.top=4"];
  const expected = await bytesOf(parts.join(","));
  expect(await bytesOf(parts.toReversed().join(","))).toEqual(expected);
  expect(await bytesOf([...parts.slice(3), ...parts.slice(0, 3)].join(","))).toEqual(expected);
});

test("every option is seen somewhere here, or said to be about the answer or in want of a model", () => {
  const here = Object.values(rows).flatMap(([options]) => options.split(",").map((part) => part.split("=")[0] ?? ""));
  const elsewhere = ["gamma", "saturation", "blur", "sharpen", "format", "quality", "max-bytes", "compression"];
  const aboutTheAnswer = ["slow-connection-quality", "onerror", "metadata", "anim"];
  const ofModels = ["segment", "upscale", "zoom"];
  const missing = optionNames.filter((name) => ![...here, ...elsewhere, ...aboutTheAnswer, ...ofModels].includes(name));
  expect(missing).toEqual([]);
});
