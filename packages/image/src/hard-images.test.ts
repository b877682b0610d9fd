/** Real files that decoders trip over. They lie beside the repository, and where they do not the tests are skipped. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Raster } from "@vitrine/contracts";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { makePicture, planPicture } from "./pipeline.ts";
import { planForPreset } from "./presets.ts";
import { probePicture } from "./probe/probe.ts";
import { meanDifference } from "./testing/draw.ts";
import { testFiles } from "./testing/files.ts";
import { installedCodecs } from "./testing/installed-codecs.ts";

const folder = new URL("../../../../shared/data/hard-images/", import.meta.url);
const { codecs } = installedCodecs();
const files = testFiles(codecs);
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, folder)));
const surroundings = { codecs, now: () => 0 };

async function render(bytes: Uint8Array): Promise<{ thumbnail: Raster; sizes: { width: number; height: number }[] }> {
  const plans = [planForPreset("thumbnail", "png"), planForPreset("feed", "webp")];
  const plan = planPicture(probePicture(bytes), plans, 256);
  // Of its own: an instance that another picture has grown says nothing about this one.
  const { codecs: own } = installedCodecs();
  const { renditions, peakMemoryBytes } = await makePicture(bytes, plan, { ...surroundings, codecs: own });
  expect(peakMemoryBytes).toBeLessThanOrEqual(plan.predictedBytes);
  const [first] = renditions;
  if (!first) throw new Error("nothing was made");
  return { thumbnail: files.decode(first), sizes: renditions.map((made) => probePicture(made)) };
}

/** Our feed rendition as pixels, and sharp's of the same size, both on white. */
async function besideSharp(bytes: Uint8Array): Promise<[ours: Raster, theirs: Raster]> {
  const plan = planPicture(probePicture(bytes), [planForPreset("feed", "png")]);
  const { renditions } = await makePicture(bytes, plan, surroundings);
  const shown = async (image: Sharp) => {
    const { data, info } = await image.flatten({ background: "#fff" }).raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: new Uint8Array(data) };
  };
  const ours = await shown(sharp(renditions[0]));
  const { width, height } = ours;
  // Shrunk before anything else, as ours is; flattening first would go by way of another colour space.
  const resized = sharp(bytes, { failOn: "none" }).rotate().resize(width, height, { fit: "fill" });
  return [ours, await shown(sharp(await resized.toColourspace("srgb").png().toBuffer()))];
}

describe.skipIf(!existsSync(folder))("hard images (skipped without the data folder)", () => {
  test.each(["Landscape", "Portrait"])("%s is upright and alike in all orientations", async (shape) => {
    const untagged = await render(read(`orientation/${shape}_0.jpg`));
    for (let orientation = 1; orientation <= 8; orientation++) {
      const { thumbnail, sizes } = await render(read(`orientation/${shape}_${orientation}.jpg`));
      expect(meanDifference(thumbnail, untagged.thumbnail), `${orientation}`).toBeLessThan(2);
      expect(sizes.map(({ width, height }) => [width, height])).toEqual(
        untagged.sizes.map(({ width, height }) => [width, height]),
      );
    }
  });

  test.each(["giant-image.jpg", "65536-uint32-limit.png"])("%s is refused from its first bytes", (file) => {
    const start = read(`mixed/${file}`).subarray(0, 4_096);
    expect(() => planPicture(probePicture(start), [])).toThrow(expect.objectContaining({ code: "too-many-pixels" }));
  });

  test.each([
    "Channel_digital_image_CMYK_color.jpg",
    "Flag_of_the_Netherlands-16bit.png",
    "animated-loop-3.gif",
    "animated-loop-3.webp",
    "gain-map.jpg",
    "grey-plus-alpha.gif",
    "p3.png",
    "prophoto.png",
    "rotating-squares.gif",
    "tbgn2c16.png",
    "truncated.jpg",
  ])("%s looks as sharp shows it", async (file) => {
    const [ours, theirs] = await besideSharp(read(`mixed/${file}`));
    expect(meanDifference(ours, theirs)).toBeLessThan(3);
  });

  test("every mixed file gives pictures or a problem of its own fault", { timeout: 120_000 }, async () => {
    const refused: Record<string, string> = {};
    for (const file of readdirSync(new URL("mixed/", folder)).filter((name) => name !== "LICENSE")) {
      try {
        const { sizes } = await render(read(`mixed/${file}`));
        for (const { width, height } of sizes) expect(Math.min(width, height), file).toBeGreaterThan(0);
      } catch (error) {
        refused[file] = (error as { code?: string }).code ?? String(error);
      }
    }
    expect(refused).toEqual({
      "65536-uint32-limit.png": "too-many-pixels",
      "8bit_depth.tiff": "unsupported-media-type",
      "check.svg": "unsupported-media-type",
      "corrupt-header.jpg": "unprocessable-image",
      "giant-image.jpg": "too-many-pixels",
      "relax.jp2": "unsupported-media-type",
      "struct-image-04-t.svg": "unsupported-media-type",
      "testimgl.jpg": "unsupported-media-type",
    });
  });
});
