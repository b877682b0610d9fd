/** Every option by the pixels that the real pipeline makes of it. An option without a proof here does not compile. */
import type { Raster } from "@vitrine/contracts";
import { describe, expect, test } from "vitest";
import { dssim } from "../perceptual-quality.ts";
import { probePicture } from "../probe/probe.ts";
import { drawCompass, drawFading, meanDifference } from "../testing/draw.ts";
import { webpAnimation } from "../testing/draw-animation.ts";
import { cameraExif, exifIn, jpegWithTiff } from "../testing/exif.ts";
import { bytesOf, files, flag, lay, pixel, quartersOf, render, seen, sheet } from "../testing/render-options.ts";
import type { RequestHints } from "./hints.ts";
import { parseOptions } from "./parse-options.ts";
import { planOptions } from "./plan-options.ts";
import { type OptionName, optionNames, options } from "./table.ts";

const framed = lay(sheet(80, 60, "grey"), flag, 10, 10);
const hollow = lay(sheet(60, 40, "none"), sheet(30, 40, "r"), 0, 0);
const compass = drawCompass({ width: 300, height: 200 });

/** What is seen of the options; without the one that is proved, something else is. */
type Row = [options: string, seen: string, source?: Raster, hints?: RequestHints];
type Proof = () => Promise<void>;

const proofs = {
  // Each frame by its pixels: animated.test.ts.
  anim: async () => {
    const [all, first] = [await bytesOf("f=webp", moving()), await bytesOf("f=webp,anim=false", moving())];
    expect([probePicture(all).isAnimated, probePicture(first).isAnimated]).toEqual([true, false]);
    expect(quartersOf(files.decode(first))).toBe("40×40 r r r r");
    expect(await bytesOf("f=auto", moving(), { accept: "image/avif,image/webp" })).toEqual(all);
  },
  segment: async () => expect(refusal("segment=foreground")).toMatch(/needs a model/),
  upscale: async () => expect(refusal("upscale=generate")).toMatch(/needs a model/),
  trim: [
    ["trim=20;0;0;30", "30×20 w w w w"],
    ["trim=0.5;0;0;0", "60×20 b w b w"],
    ["trim=border", "60×40 r g b w", framed],
  ],
  "trim.top": [["trim.top=0.5", "60×20 b w b w"]],
  "trim.right": [["trim.right=30", "30×40 r r b b"]],
  "trim.bottom": [["trim.bottom=10,dpr=2", "60×20 r g r g"]],
  "trim.left": [["trim.left=0.5", "30×40 g g w w"]],
  "trim.width": [["trim.left=30,trim.width=15", "15×40 g g w w"]],
  "trim.height": [["trim.height=0.5", "60×20 r g r g"]],
  "trim.border.color": [["trim.border.color=gray", "60×40 r g b w", framed]],
  "trim.border.tolerance": [["trim=border,trim.border.tolerance=255", "80×60 r g b w", framed]],
  "trim.border.keep": [["trim=border,trim.border.keep=4", "68×48 r g b w", framed]],
  flip: [
    ["flip=h", "60×40 g r w b"],
    ["flip=v", "60×40 b w r g"],
    ["flip=hv", "60×40 w b g r"],
    ["flip=v,rotate=90", "40×60 r b g w"],
  ],
  rotate: [
    ["rotate=90", "40×60 b r w g"],
    ["rotate=180", "60×40 w b g r"],
    ["rotate=270", "40×60 g w r b"],
    ["rotate=90,w=20", "20×30 b r w g"],
  ],
  width: [
    ["width=30", "30×20 r g b w"],
    ["w=30", "30×20 r g b w"],
    ["width=auto,wdesktop=30", "30×20 r g b w"],
    ["width=auto,wbreakpoints=12;24;48", "24×16 r g b w", flag, { secChViewportWidth: "10", secChDpr: "2" }],
  ],
  height: [
    ["height=30,fit=contain", "45×30 r g b w"],
    ["h=20", "30×20 r g b w"],
  ],
  dpr: [
    ["width=15,dpr=2", "30×20 r g b w"],
    ["border=gray;10,dpr=1.5", "90×70 r g b w"],
  ],
  fit: [
    ["fit=squeeze,w=20,h=50", "20×50 r g b w"],
    ["fit=contain,w=120,h=120", "120×80 r g b w"],
    ["fit=cover,w=80,h=80", "80×80 r g b w"],
    ["fit=crop,w=20,h=20", "20×20 r g b w"],
    ["fit=aspect-crop,w=20,h=20", "20×20 r g b w"],
    ["fit=scale-up,w=120,h=120", "120×80 r g b w"],
    ["fit=scale-up,w=30", "60×40 r g b w"],
    ["fit=pad,w=60,h=120,background=gray", "60×120 grey grey grey grey"],
  ],
  gravity: [
    ["fit=cover,w=20,h=40,gravity=left", "20×40 r r b b"],
    ["fit=cover,w=20,h=40,g=right", "20×40 g g w w"],
    ["fit=cover,w=60,h=20,g=top", "60×20 r g r g"],
    ["fit=cover,w=60,h=20,g=bottom", "60×20 b w b w"],
    ["fit=crop,w=20,h=40,g=0x0.5", "20×40 r r b b"],
    ...(["auto", "entropy"] as const).map(
      (gravity): Row => [`fit=cover,w=60,h=50,g=${gravity}`, "60×50 r g b w", spotted()],
    ),
  ],
  zoom: async () => {
    // Only with a face, which has to be found by a model.
    expect(await bytesOf("f=png,w=20,zoom=0.5")).toEqual(await bytesOf("f=png,w=20"));
    expect(refusal("gravity=face,zoom=0.5")).toMatch(/model/);
  },
  wbreakpoints: [["w=auto,wbreakpoints=20;40", "40×27 r g b w", flag, { secChViewportWidth: "31" }]],
  wmobile: [["w=auto,wmobile=30", "30×20 r g b w", flag, { userAgent: "Mobile" }]],
  wdesktop: [["w=auto,wdesktop=15", "15×10 r g b w"]],
  background: [
    ["background=blue", "60×40 r b r b", hollow],
    ["fit=pad,w=60,h=120,background=rgb(128%2C128%2C128)", "60×120 grey grey grey grey"],
  ],
  blur: async () => {
    const at = async (text: string) => pixel(await render(text), 29, 10)[0] ?? 0;
    expect(await at("f=png")).toBe(255);
    expect(await at("f=png,blur=3")).toBeLessThan(200);
  },
  sharpen: async () => {
    const step = lay(sheet(40, 40, 0x606060ff), sheet(20, 40, 0xa0a0a0ff), 20, 0);
    const [dark, light] = [pixel(await render("f=png,sharpen=10", step), 19, 20), pixel(step, 19, 20)];
    expect(dark[0]).toBeLessThan((light[0] ?? 0) - 10);
  },
  brightness: async () => expect(await greyed("brightness=2")).toEqual([128, 128, 128, 255]),
  contrast: [["contrast=0", "60×40 grey grey grey grey"]],
  gamma: async () => expect(await greyed("gamma=2")).toEqual([128, 128, 128, 255]),
  saturation: async () => expect(pixel(await render("f=png,saturation=0"), 10, 10)).toEqual([76, 76, 76, 255]),
  border: [
    ["border=red;60;0;0;0", "60×100 r r r g"],
    ["border=gray;30;60;20;10", "130×90 grey grey b grey"],
  ],
  draw: [
    ["draw=dot;width=10;right=10;bottom=5", "60×40 r g b g"],
    ["draw=dot;top=25;left=10", "60×40 r g g w"],
    ["draw=two;width=60;height=40;fit=squeeze", "60×40 g r g r"],
    ["draw=two;width=10;height=10;fit=cover;gravity=right;left=40;top=5", "60×40 r r b w"],
    ["draw=dot;repeat=true", "60×40 g g g g"],
    ["draw=dot;repeat=x;top=25", "60×40 r g g g"],
    ["draw=dot;repeat=y;left=10", "60×40 g g g w"],
    // The last lies on top.
    ["draw=dot;repeat=true+two;width=60;height=40;fit=squeeze", "60×40 g r g r"],
  ],
  format: async () => {
    for (const format of ["jpeg", "webp", "png", "avif"]) {
      expect(probePicture(await bytesOf(`f=${format},w=30`)).format).toBe(format);
      expect(meanDifference(await render(`format=${format}`, compass), compass), format).toBeLessThan(4);
    }
    expect(probePicture(await bytesOf("w=30")).format).toBe("png");
    expect(startOfFrame(await bytesOf("f=jpeg", compass))).toBe(0xc2);
    expect(startOfFrame(await bytesOf("f=baseline-jpeg", compass))).toBe(0xc0);
    expect(await render("f=baseline-jpeg", compass)).toEqual(await render("f=jpeg", compass));
    const auto = async (accept: string, source: Raster = compass) =>
      probePicture(await bytesOf("f=auto", source, { accept })).format;
    expect(await auto("image/avif,image/webp")).toBe("avif");
    expect(await auto("image/webp")).toBe("webp");
    expect(await auto("*/*")).toBe("jpeg");
    expect(await auto("*/*", hollow)).toBe("png");
  },
  quality: async () => {
    for (const format of ["jpeg", "webp", "avif", "png"]) {
      const size = async (quality: string) => (await bytesOf(`f=${format},q=${quality}`, compass)).length;
      expect(await size("low"), format).toBeLessThan(await size("high"));
      expect(await size("20"), format).toBeLessThan(await size("50"));
    }
    expect(await bytesOf("f=jpeg,q=high", compass)).toEqual(await bytesOf("f=jpeg,q=90", compass));
    expect((await render("f=webp,q=100", compass)).data).toEqual(compass.data);
  },
  "slow-connection-quality": async () => {
    const asked = (text: string, hints: RequestHints) => bytesOf(`f=jpeg,${text}`, compass, hints);
    expect(await asked("q=90,scq=low", { saveData: "on" })).toEqual(await asked("q=50", {}));
    expect(await asked("q=90,slow-connection-quality=50", { ect: "3g" })).toEqual(await asked("q=50", {}));
    expect(await asked("q=90,scq=50", { ect: "4g" })).toEqual(await asked("q=90", {}));
  },
  "max-bytes": async () => {
    for (const format of ["jpeg", "webp", "avif", "png"]) {
      const usual = await bytesOf(`f=${format},q=90`, compass);
      const most = Math.floor(usual.length * (format === "png" ? 0.8 : 0.7));
      const bounded = await bytesOf(`f=${format},q=90,max-bytes=${most}`, compass);
      expect(bounded.length, format).toBeLessThanOrEqual(most);
      expect(bounded.length, format).toBeGreaterThan(most * 0.6);
    }
  },
  metadata: async () => {
    const source = jpegWithTiff(files.encode(compass, "jpeg"), cameraExif());
    const carried = async (text: string) => exifIn(await bytesOf(text, source));
    expect(await carried("f=jpeg")).toMatchObject({ copyright: "(c) Ada", artist: "Ada" });
    expect(Object.keys((await carried("f=jpeg")) ?? {}).sort()).toEqual(["artist", "copyright"]);
    expect(await carried("metadata=copyright")).toEqual(await carried("f=jpeg"));
    expect(await carried("metadata=keep")).toMatchObject({ copyright: "(c) Ada", model: "Obscura", latitude: [52, 1] });
    expect(await carried("metadata=keep")).not.toHaveProperty("orientation");
    expect(await carried("metadata=none")).toBeUndefined();
    expect(await carried("f=webp,metadata=keep")).toBeUndefined();
    expect((await render("metadata=keep", source)).data).toEqual((await render("metadata=none", source)).data);
  },
  compression: async () => {
    // AVIF is made by its fastest encoder in any case.
    expect(await bytesOf("f=avif,compression=fast")).toEqual(await bytesOf("f=avif"));
    for (const format of ["jpeg", "webp", "png"]) {
      const [fast, usual] = [`f=${format},compression=fast`, `f=${format}`];
      expect(await bytesOf(fast, compass), format).not.toEqual(await bytesOf(usual, compass));
      expect(meanDifference(await render(fast, compass), await render(usual, compass)), format).toBeLessThan(2);
    }
    expect((await render("f=png,compression=fast", compass)).data).toEqual(compass.data);
    expect(startOfFrame(await bytesOf("f=jpeg,compression=fast", compass))).toBe(0xc0);
  },
  onerror: async () => {
    expect(planned("onerror=redirect").redirectsOnError).toBe(true);
    expect(await bytesOf("f=png,onerror=redirect")).toEqual(await bytesOf("f=png"));
  },
} satisfies Record<OptionName, readonly Row[] | Proof>;

describe("an option shows", () => {
  test.each(Object.entries<readonly Row[] | Proof>(proofs))("%s", async (name, proof) => {
    if (typeof proof === "function") return await proof();
    for (const [text, expected, source, hints] of proof) {
      expect(await seen(`f=png,${text}`, source, hints), text).toBe(expected);
      const without = withoutOption(text, name as OptionName);
      expect(without, text).not.toBe(text);
      expect(await seen(`f=png,${without}`, source, hints), `${text} without it`).not.toBe(expected);
    }
  });

  test("by its alias as by its name", async () => {
    for (const name of optionNames) {
      for (const alias of options[name].aliases) {
        const value = options[name].describe.example;
        expect(parseOptions(`${alias}=${value}`)).toEqual(parseOptions(`${name}=${value}`));
      }
    }
  });
});

describe("a palette", () => {
  test("is an 8-bit one, of fewer colours the lower the quality", async () => {
    const counts = [];
    for (const quality of [10, 60, 100]) {
      const bytes = await bytesOf(`f=png,q=${quality}`, compass);
      expect([bytes[24], bytes[25]]).toEqual([8, 3]);
      counts.push(coloursOf(files.decode(bytes)));
    }
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts).size).toBe(3);
    expect(counts.at(-1)).toBeLessThanOrEqual(256);
    expect(dssim(await render("f=png,q=85", compass), compass)).toBeLessThan(0.1);
    expect(meanDifference(await render("f=png,q=85", compass), compass)).toBeLessThan(3);
  });

  test("loses nothing of a drawing of few colours, nor of what is clear", async () => {
    expect((await render("f=png,q=100")).data).toEqual(flag.data);
    expect((await render("f=png,q=100", hollow)).data).toEqual(hollow.data);
    const fading = await render("f=png,q=90", drawFading({ width: 300, height: 200 }));
    for (let y = 0; y < 200; y += 20) {
      expect(pixel(fading, 0, y)[3]).toBeGreaterThan(240);
      expect(pixel(fading, 299, y)[3]).toBe(0);
      expect(Math.abs((pixel(fading, 150, y)[3] ?? 0) - 127)).toBeLessThan(24);
    }
  });

  test("is dithered: flat parts keep the mean of a colour that the palette lacks", async () => {
    const ramp = sheet(256, 256, "w");
    ramp.data.forEach((_, i) => {
      if (i % 4 < 3) ramp.data[i] = Math.floor(((i >> 2) % 256) / 2 + ((i >> 2) >> 9));
    });
    const shown = await render("f=png,q=10", ramp);
    const mean = ({ data }: Raster) => data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(coloursOf(shown)).toBeLessThan(40);
    expect(Math.abs(mean(shown) - mean(ramp))).toBeLessThan(0.7);
  });
});

test("quality=auto: no more bytes than look the same", async () => {
  for (const format of ["jpeg", "webp", "avif"]) {
    const [auto, usual] = [await bytesOf(`f=${format},q=auto`, compass), await bytesOf(`f=${format},q=85`, compass)];
    expect(auto.length, format).toBeLessThan(usual.length);
    expect(dssim(files.decode(auto), compass), format).toBeLessThan(0.0121);
  }
});

test("drawings are kept without loss, photographs are not", async () => {
  expect(probePicture(await bytesOf("f=webp")).coding).toBe("lossless");
  expect(probePicture(await bytesOf("f=webp", compass)).coding).toBe("plain");
  // Full chroma: as many samples of colour as of brightness.
  expect(probePicture(await bytesOf("f=jpeg")).samplesPerPixel).toBe(3);
  expect(probePicture(await bytesOf("f=jpeg", compass)).samplesPerPixel).toBe(1.5);
  expect(quartersOf(await render("f=jpeg"))).toBe("60×40 r g b w");
});

function withoutOption(text: string, name: OptionName): string {
  const names: readonly string[] = [name, ...options[name].aliases];
  const parts = text.split(",").filter((part) => !names.includes(part.split("=")[0] ?? ""));
  return parts.join(",") || "anim=true";
}

function planned(text: string) {
  return planOptions(parseOptions(text), { hints: {}, source: { format: "png", hasAlpha: false } });
}

function refusal(text: string): string {
  try {
    planned(text);
  } catch (error) {
    return String(error);
  }
  return "taken";
}

async function greyed(text: string): Promise<number[]> {
  return pixel(await render(`f=png,${text}`, sheet(8, 8, 0x404040ff)), 4, 4);
}

function spotted(): Raster {
  return lay(sheet(200, 50, "grey"), flag, 140, 5);
}

/** Red, then green. */
function moving(): Uint8Array {
  const at = { left: 0, top: 0, width: 40, height: 40, duration: 100, clears: false, blends: false };
  const frames = (["r", "g"] as const).map((name) => ({ ...at, still: files.encode(sheet(40, 40, name), "webp") }));
  return webpAnimation(frames, { width: 40, height: 40, loops: 0 });
}

/** The marker of the frame: 0xC0 is baseline, 0xC2 progressive (T.81 table B.1). */
function startOfFrame(jpeg: Uint8Array): number | undefined {
  for (let at = 2; at < jpeg.length; at += 2 + (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0)) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2) return marker;
  }
  return undefined;
}

function coloursOf({ data }: Raster): number {
  return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.subarray(i * 4, i * 4 + 4).join())).size;
}
