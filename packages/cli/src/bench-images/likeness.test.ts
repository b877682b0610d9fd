import sharp from "sharp";
import { expect, test } from "vitest";
import { likeness } from "./likeness.ts";
import { drawPhotograph } from "./pictures.ts";

const photograph = await drawPhotograph({ width: 240, height: 180, seed: "likeness" });

test("a picture is wholly like itself", async () => {
  expect(await likeness(photograph, photograph)).toBeCloseTo(1, 10);
});

test("worse copies are less like it", async () => {
  const [fine, poor] = await Promise.all([90, 10].map((quality) => sharp(photograph).jpeg({ quality }).toBuffer()));
  const [ofFine, ofPoor] = await Promise.all([fine, poor].map((file) => likeness(photograph, file ?? photograph)));
  expect(ofFine).toBeGreaterThan(0.97);
  expect(ofPoor).toBeLessThan(0.9);
});

test("a shift of one pixel is seen", async () => {
  const shifted = await sharp(photograph)
    .extract({ left: 1, top: 0, width: 239, height: 180 })
    .extend({ right: 1, background: "#808080" })
    .png()
    .toBuffer();
  expect(await likeness(photograph, shifted)).toBeLessThan(0.98);
});

test("luma counts, by BT.601: a change of blue is seen a fifth as much as one of green", async () => {
  const flat = (background: { r: number; g: number; b: number }) =>
    sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toBuffer();
  const grey = await flat({ r: 100, g: 100, b: 100 });
  // Flat windows: only the means count, and (2ab + c) / (a² + b² + c) of 100 and 100 + the weight times 100.
  const of = (luma: number) => (2 * 100 * luma + 6.5025) / (100 ** 2 + luma ** 2 + 6.5025);
  expect(await likeness(grey, await flat({ r: 100, g: 200, b: 100 }))).toBeCloseTo(of(158.7), 5);
  expect(await likeness(grey, await flat({ r: 100, g: 100, b: 200 }))).toBeCloseTo(of(111.4), 5);
});

test("pictures of other sizes are not compared", async () => {
  const small = await sharp(photograph).resize(100, 75).png().toBuffer();
  await expect(likeness(photograph, small)).rejects.toThrow("240×180 cannot be compared with 100×75");
});
