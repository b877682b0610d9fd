/** Red, green and blue, 0..255 each, gamma-encoded as sRGB. */
export type Color = readonly [red: number, green: number, blue: number];

export function hex(text: string): Color {
  const value = Number.parseInt(text.replace("#", ""), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** From `a` at 0 to `b` at 1. */
export function mix(a: Color, b: Color, t: number): Color {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Darker for amounts below 0, lighter above; -1 is black and 1 is white. */
export function shade(color: Color, amount: number): Color {
  return mix(color, amount < 0 ? [0, 0, 0] : [255, 255, 255], Math.abs(amount));
}

export function palette(text: string): Color[] {
  return text.split(" ").map(hex);
}
