import { existsSync, readdirSync, readFileSync } from "node:fs";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it, vi } from "vitest";
import { probePicture } from "../probe/probe.ts";
import { PackError } from "./failure.ts";
import { createPack } from "./pack.ts";
import type { OutputOptions, RenderPlan } from "./plan.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../native/pack.wasm", import.meta.url)));
const pack = createPack(module);
const pictures = new URL("../../../../../shared/data/hard-images/", import.meta.url);
const hasPictures = existsSync(pictures);
if (!hasPictures) console.warn("skipped: ../shared/data/hard-images is not here");

const raw: OutputOptions = { format: "raw" };

function render(bytes: Uint8Array, plan: Partial<RenderPlan> = {}) {
  const probe = probePicture(bytes);
  return pack.render(bytes, { probe, plan: { output: inside(probe, 300), encode: raw, ...plan } });
}

function inside({ width, height }: { width: number; height: number }, most: number) {
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** What sharp makes of it, and of a WebP without its own rough shrinking on load. */
async function reference(bytes: Uint8Array, size: { width: number; height: number }): Promise<Buffer> {
  const isWebp = probePicture(bytes).format === "webp";
  return sharp(bytes, { failOn: "none", pages: 1 })
    .rotate()
    .resize(size.width, size.height, { fit: "fill", fastShrinkOnLoad: !isWebp })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer();
}

/** In windows that come one after the other, as from a bucket. */
async function* slowly(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 4096) {
    yield bytes.subarray(at, at + 4096);
    await Promise.resolve();
  }
}

/** Mean difference of 255, colours weighted by their alpha: what cannot be seen is not compared. */
function difference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  let sum = 0;
  for (let i = 0; i < a.length; i += 4) {
    const [alphaA = 0, alphaB = 0] = [a[i + 3], b[i + 3]];
    sum += Math.abs(alphaA - alphaB);
    for (let c = 0; c < 3; c++) sum += Math.abs(((a[i + c] ?? 0) * alphaA - (b[i + c] ?? 0) * alphaB) / 255);
  }
  return sum / a.length;
}

/** A soft drawing with edges and colours, the same everywhere. */
function drawn(width: number, height: number, channels: 3 | 4 = 3) {
  const data = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      const isInside = (x - width / 2) ** 2 + (y - height / 3) ** 2 < (height / 4) ** 2;
      data[at] = isInside ? 230 : (255 * x) / width;
      data[at + 1] = isInside ? 60 : (255 * y) / height;
      data[at + 2] = isInside ? 40 : 128 + 100 * Math.sin(x / 9) * Math.cos(y / 11);
      if (channels === 4) data[at + 3] = isInside ? 255 : (255 * (x + y)) / (width + height);
    }
  }
  return sharp(data, { raw: { width, height, channels } });
}

const bytesOf = async (image: Sharp) => new Uint8Array(await image.toBuffer());

describe.skipIf(!hasPictures)("pictures that decoders trip over", () => {
  const all = hasPictures ? readdirSync(new URL("mixed/", pictures)) : [];
  const tooLarge = ["giant-image.jpg", "65536-uint32-limit.png"];
  const served = all.filter((name) => /\.(jpe?g|png|gif|webp)$/.test(name) && !tooLarge.includes(name));
  const refused = ["corrupt-header.jpg", "testimgl.jpg"];

  it.each(served.filter((name) => !refused.includes(name)))("%s looks as sharp shows it", async (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(`mixed/${name}`, pictures)));
    const result = render(bytes);
    expect(difference(result.bytes, await reference(bytes, result))).toBeLessThan(1.5);
  });

  it("a lossless JPEG is refused by name", () => {
    const bytes = new Uint8Array(readFileSync(new URL("mixed/testimgl.jpg", pictures)));
    expect(() => render(bytes)).toThrow(expect.objectContaining({ name: "PackError", kind: "unsupported" }));
  });

  const turned = hasPictures
    ? readdirSync(new URL("orientation/", pictures)).filter((name) => name.endsWith(".jpg"))
    : [];

  it.each(turned)("%s comes out upright, as planes and as pixels", async (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(`orientation/${name}`, pictures)));
    const output = inside(probePicture(bytes), 301);
    const expected = await reference(bytes, output);
    expect(difference(render(bytes, { output }).bytes, expected)).toBeLessThan(1.5);
    const webp = render(bytes, { output, encode: { format: "webp", quality: 95 } });
    expect(difference(await reference(webp.bytes, output), expected)).toBeLessThan(3);
  });
});

describe("JPEG in", () => {
  it.each(["4:4:4", "4:2:0"])("%s, baseline and progressive, at every scale", async (chromaSubsampling) => {
    for (const progressive of [false, true]) {
      const bytes = await bytesOf(drawn(917, 611).jpeg({ quality: 92, chromaSubsampling, progressive }));
      for (const width of [917, 500, 300, 180, 90, 20]) {
        const output = { width, height: Math.round((611 * width) / 917) };
        const result = render(bytes, { output });
        expect(difference(result.bytes, await reference(bytes, output)), `${width} wide`).toBeLessThan(2);
      }
    }
  });

  it("grey", async () => {
    const bytes = await bytesOf(drawn(400, 300).toColourspace("b-w").jpeg());
    expect(probePicture(bytes).channels).toBe(1);
    for (const encode of [raw, { format: "webp", quality: 95 }, { format: "jpeg", quality: 95 }] as const) {
      const result = render(bytes, { output: { width: 201, height: 150 }, encode });
      const shown = encode.format === "raw" ? result.bytes : await reference(result.bytes, result);
      expect(difference(shown, await reference(bytes, result))).toBeLessThan(2);
    }
  });

  it("CMYK without a profile, by the press that libvips assumes", async () => {
    const bytes = await bytesOf(drawn(320, 240).toColourspace("cmyk").jpeg({ quality: 95 }));
    expect(probePicture(bytes).channels).toBe(4);
    const result = render(bytes, { output: { width: 160, height: 120 } });
    expect(difference(result.bytes, await reference(bytes, result))).toBeLessThan(3);
  });

  it("CMYK and RGB with a profile that is not sRGB", async () => {
    for (const profile of ["cmyk", "p3"]) {
      const bytes = await bytesOf(
        drawn(320, 240).withIccProfile(profile).jpeg({ quality: 95, chromaSubsampling: "4:4:4" }),
      );
      const result = render(bytes, { output: { width: 160, height: 120 } });
      expect(difference(result.bytes, await reference(bytes, result)), profile).toBeLessThan(2);
      const webp = render(bytes, { output: { width: 160, height: 120 }, encode: { format: "webp", quality: 95 } });
      expect(difference(await reference(webp.bytes, webp), await reference(bytes, webp)), profile).toBeLessThan(4);
    }
  });

  it("cut off: what is there, and grey below; nothing at all is refused", async () => {
    const bytes = await bytesOf(drawn(640, 480).jpeg({ quality: 90 }));
    const half = render(bytes.subarray(0, bytes.length / 2), { output: { width: 64, height: 48 } });
    const whole = render(bytes, { output: { width: 64, height: 48 } });
    expect(half.bytes.subarray(0, 64 * 4 * 15)).toEqual(whole.bytes.subarray(0, 64 * 4 * 15));
    const scan = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);
    expect(() => render(bytes.subarray(0, scan + 16))).toThrow(PackError);
  });

  it("gives the same from a stream of any pieces as from memory", async () => {
    for (const progressive of [false, true]) {
      const bytes = await bytesOf(drawn(1200, 900).jpeg({ quality: 97, progressive }));
      const options = { probe: probePicture(bytes), plan: { output: { width: 200, height: 150 }, encode: raw } };
      const expected = pack.render(bytes, options).bytes;
      for (const size of [1, 1000, 65_536]) {
        async function* pieces() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        }
        expect((await pack.renderStream(pieces(), options)).bytes).toEqual(expected);
      }
    }
  });
});

describe("other formats in", () => {
  it.each([
    "png",
    "interlaced",
    "palette",
    "16 bits",
    "webp",
    "lossless",
  ])("%s, opaque and with alpha", async (kind) => {
    for (const channels of [3, 4] as const) {
      const image = drawn(401, 303, channels);
      const bytes = await bytesOf(
        kind === "webp" || kind === "lossless"
          ? image.webp({ lossless: kind === "lossless", quality: 90 })
          : kind === "16 bits"
            ? image.toColourspace("rgb16").png()
            : image.png({ progressive: kind === "interlaced", palette: kind === "palette" }),
      );
      for (const output of [
        { width: 401, height: 303 },
        { width: 151, height: 114 },
        { width: 12, height: 9 },
      ]) {
        const result = render(bytes, { output });
        expect(difference(result.bytes, await reference(bytes, output)), `${output.width} wide`).toBeLessThan(1.5);
      }
    }
  });

  it("from a stream of pieces, whatever size the file was said to have", async () => {
    const sources = [drawn(401, 303).png(), drawn(401, 303, 4).webp(), drawn(401, 303).gif()];
    for (const source of sources) {
      const bytes = await bytesOf(source);
      const plan = { output: { width: 100, height: 75 }, encode: raw };
      const expected = pack.render(bytes, { probe: probePicture(bytes), plan }).bytes;
      async function* pieces() {
        for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
      }
      for (const fileBytes of [bytes.length, 10]) {
        const probe = { ...probePicture(bytes), fileBytes };
        expect((await pack.renderStream(pieces(), { probe, plan })).bytes).toEqual(expected);
      }
    }
  });

  it("WebP stays planes on its way to WebP and to JPEG", async () => {
    const bytes = await bytesOf(drawn(401, 303).webp({ quality: 95 }));
    for (const format of ["webp", "jpeg"] as const) {
      const result = render(bytes, { output: { width: 201, height: 152 }, encode: { format, quality: 95 } });
      expect(difference(await reference(result.bytes, result), await reference(bytes, result))).toBeLessThan(3);
    }
  });
});

describe("what is made", () => {
  it("is cropped from the upright picture", async () => {
    const bytes = await bytesOf(drawn(600, 400).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }));
    const crop = { left: 40, top: 100, width: 300, height: 450 };
    const output = { width: 100, height: 150 };
    const expected = await sharp(bytes).rotate().extract(crop).resize(100, 150).ensureAlpha().raw().toBuffer();
    expect(difference(render(bytes, { crop, output }).bytes, expected)).toBeLessThan(2);
  });

  it("has the size that was asked for, in every format", async () => {
    const bytes = await bytesOf(drawn(333, 222, 4).png());
    const encodings: OutputOptions[] = [
      { format: "webp", quality: 80 },
      { format: "webp", quality: 80, lossless: true },
      { format: "webp", quality: 80, savesMemory: true },
      { format: "jpeg", quality: 80 },
      { format: "jpeg", quality: 80, progressive: true, chroma: "4:4:4" },
      { format: "jpeg", quality: 80, optimise: true },
      { format: "png" },
    ];
    for (const output of [
      { width: 1, height: 1 },
      { width: 17, height: 33 },
      { width: 500, height: 20 },
    ]) {
      for (const encode of encodings) {
        const result = render(bytes, { output, encode });
        const { format, width, height } = await sharp(result.bytes).metadata();
        expect({ format, width, height }).toEqual({ format: encode.format, ...output });
      }
    }
  });

  it("lies on the background where the format has no transparency", async () => {
    const bytes = await bytesOf(sharp({ create: { width: 20, height: 20, channels: 4, background: "#0000" } }).png());
    const colourOf = async (plan: Partial<RenderPlan>) =>
      [
        ...(await reference(render(bytes, { encode: { format: "jpeg", quality: 95 }, ...plan }).bytes, {
          width: 1,
          height: 1,
        })),
      ].slice(0, 3);
    expect(await colourOf({})).toEqual([255, 255, 255]);
    const [red = 0, green = 0, blue = 0] = await colourOf({ background: 0xc83214 });
    expect(Math.abs(red - 200) + Math.abs(green - 50) + Math.abs(blue - 20)).toBeLessThan(9);
  });

  it("is the same from a used instance as from a fresh one", async () => {
    const jpeg = await bytesOf(drawn(700, 500).jpeg());
    const png = await bytesOf(drawn(300, 200, 4).png());
    const plan = { output: { width: 120, height: 80 }, encode: { format: "webp", quality: 80 } } as const;
    const used = createPack(module);
    for (const bytes of [jpeg, png, jpeg, png, jpeg]) {
      const options = { probe: probePicture(bytes), plan };
      expect(used.render(bytes, options).bytes).toEqual(createPack(module).render(bytes, options).bytes);
    }
  });

  it("makes no new instances for pictures that are in work side by side, once there are enough", async () => {
    const jpeg = await bytesOf(drawn(700, 500).jpeg());
    const options = { probe: probePicture(jpeg), plan: { output: { width: 60, height: 40 }, encode: raw } };
    const used = createPack(module);
    const sideBySide = () => Promise.all(Array.from({ length: 4 }, () => used.renderStream(slowly(jpeg), options)));
    await sideBySide();
    const made = vi.spyOn(WebAssembly, "Instance");
    await sideBySide();
    expect(made).not.toHaveBeenCalled();
    made.mockRestore();
  });

  it("keeps no more idle memory than it may", async () => {
    const jpeg = await bytesOf(drawn(700, 500).jpeg());
    const options = { probe: probePicture(jpeg), plan: { output: { width: 60, height: 40 }, encode: raw } };
    const thrifty = createPack(module, { keepIdleBytes: 0 });
    thrifty.render(jpeg, options);
    const made = vi.spyOn(WebAssembly, "Instance");
    thrifty.render(jpeg, options);
    expect(made).toHaveBeenCalledTimes(1);
    made.mockRestore();
  });

  it("does not grow the memory over many pictures and failures", async () => {
    const jpeg = await bytesOf(drawn(700, 500).jpeg());
    const used = createPack(module);
    const plan = { output: { width: 120, height: 80 }, encode: { format: "webp", quality: 80 } } as const;
    const peaks = Array.from({ length: 30 }, (_, i) => {
      if (i % 3 === 0)
        expect(() => used.render(jpeg.subarray(0, 300), { probe: probePicture(jpeg), plan })).toThrow(PackError);
      return used.render(jpeg, { probe: probePicture(jpeg), plan }).peakMemoryBytes;
    });
    expect(new Set(peaks).size).toBe(1);
  });
});
