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

test("pictures of other sizes are not compared", async () => {
  const small = await sharp(photograph).resize(100, 75).png().toBuffer();
  await expect(likeness(photograph, small)).rejects.toThrow("240×180 cannot be compared with 100×75");
});
