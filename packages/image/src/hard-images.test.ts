/** Real files that decoders trip over. They lie beside the repository, and where they do not the tests are skipped. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Raster } from "@vitrine/contracts";
import { describe, expect, test } from "vitest";
import { makePicture, planPicture } from "./pipeline.ts";
import { planForPreset } from "./presets.ts";
import { probePicture } from "./probe/probe.ts";
import { meanDifference } from "./testing/draw.ts";
import { installedCodecs } from "./testing/installed-codecs.ts";

const folder = new URL("../../../../shared/data/hard-images/", import.meta.url);
const { codecs } = installedCodecs();
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, folder)));

function render(bytes: Uint8Array): { thumbnail: Raster; sizes: { width: number; height: number }[] } {
  const plans = [planForPreset("thumbnail", "png"), planForPreset("feed", "webp")];
  const plan = planPicture(probePicture(bytes), plans, 256);
  const { renditions } = makePicture(bytes, plan, { codecs, now: () => 0 });
  const probes = renditions.map((made) => probePicture(made));
  const [first] = renditions;
  const [probe] = probes;
  if (!first || !probe) throw new Error("nothing was made");
  return { thumbnail: codecs.png.decode(first, { probe, reduction: 1 }), sizes: probes };
}

describe.skipIf(!existsSync(folder))("hard images (skipped without the data folder)", () => {
  test.each(["Landscape", "Portrait"])("%s is upright and alike in all orientations", { timeout: 60_000 }, (shape) => {
    const untagged = render(read(`orientation/${shape}_0.jpg`));
    for (let orientation = 1; orientation <= 8; orientation++) {
      const { thumbnail, sizes } = render(read(`orientation/${shape}_${orientation}.jpg`));
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

  test("every mixed file gives pictures or a problem of its own fault", { timeout: 120_000 }, () => {
    const made: string[] = [];
    for (const file of readdirSync(new URL("mixed/", folder))) {
      try {
        const { sizes } = render(read(`mixed/${file}`));
        for (const { width, height } of sizes) expect(Math.min(width, height), file).toBeGreaterThan(0);
        made.push(file);
      } catch (error) {
        const codes = ["unsupported-media-type", "unprocessable-image", "too-many-pixels"];
        expect(codes, file).toContain((error as { code?: string }).code);
      }
    }
    expect(made.length).toBeGreaterThan(20);
    expect(made).toEqual(expect.arrayContaining(["bench-6mp.jpg", "gain-map.jpg", "tbgn2c16.png", "pitm.avif"]));
  });
});
