import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { isSrgb, profileSpace } from "./profile.ts";

async function profileOf(name: string): Promise<Uint8Array> {
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: "#808080" } }).withIccProfile(name);
  const { icc } = await sharp(await image.jpeg().toBuffer()).metadata();
  return new Uint8Array(icc ?? []);
}

describe("a profile", () => {
  it("of sRGB needs no conversion; P3 and presses do", async () => {
    expect(isSrgb(await profileOf("srgb"))).toBe(true);
    expect(isSrgb(await profileOf("p3"))).toBe(false);
    expect(isSrgb(await profileOf("cmyk"))).toBe(false);
    expect(profileSpace(await profileOf("cmyk"))).toBe("CMYK");
  });

  it("that is damaged is not sRGB, and is read within its bounds", async () => {
    const profile = await profileOf("srgb");
    for (let length = 0; length < profile.length; length += 7) isSrgb(profile.subarray(0, length));
    expect(isSrgb(profile.subarray(0, 200))).toBe(false);
    expect(isSrgb(new Uint8Array(400).fill(255))).toBe(false);
  });
});
