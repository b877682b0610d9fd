/** Renditions of drawn pictures by the option language, as the images Worker makes them. */
import type { Raster } from "@vitrine/contracts";
import { canvasOf, draw } from "../effects/compose.ts";
import { parseOptions, planOptions, type RequestHints } from "../options/index.ts";
import { lookAndDecide, makePicture, planPicture } from "../pipeline.ts";
import { probePicture } from "../probe/probe.ts";
import { testFiles } from "./files.ts";
import { installedCodecs } from "./installed-codecs.ts";

const { codecs } = installedCodecs();
export const files = testFiles(codecs);
const tools = { codecs, now: () => 0 };

const colours = { r: 0xff0000ff, g: 0x00ff00ff, b: 0x0000ffff, w: 0xffffffff, grey: 0x808080ff, none: 0 } as const;
export const sheet = (width: number, height: number, colour: keyof typeof colours | number): Raster =>
  canvasOf({ width, height }, typeof colour === "number" ? colour : colours[colour]);

/** One picture on another, at a place. */
export function lay(under: Raster, over: Raster, left: number, top: number): Raster {
  return draw(under, over, { opacity: 1, repeat: "none", right: null, bottom: null, left, top });
}

/** 60×40: red, green over blue, white. */
export const flag: Raster = (["r", "g", "b", "w"] as const).reduce(
  (under, name, i) => lay(under, sheet(30, 20, name), (i % 2) * 30, i > 1 ? 20 : 0),
  sheet(60, 40, "none"),
);

/** What can be drawn: `dot` of 10×10, green; `two` of 20×10, green and red. */
const overlaySources: Record<string, Raster> = {
  dot: sheet(10, 10, "g"),
  two: lay(sheet(20, 10, "g"), sheet(10, 10, "r"), 10, 0),
};

/** The file that the options make of a raster, or of a file. */
export async function bytesOf(
  options: string,
  source: Raster | Uint8Array = flag,
  hints: RequestHints = {},
): Promise<Uint8Array> {
  const bytes = source instanceof Uint8Array ? source : files.encode(source, "png", 100);
  const probe = probePicture(bytes);
  const parsed = parseOptions(options);
  const overlayHashes = new Map(Object.keys(overlaySources).map((name) => [name, name]));
  const { plan } = planOptions(parsed, { hints, source: { ...probe, probe }, overlayHashes });
  const overlays = await Promise.all((plan.draw ?? []).map(overlayRaster));
  const decided = await lookAndDecide(bytes, { probe, plans: [plan.draw ? { ...plan, overlays } : plan] }, tools);
  const made = await makePicture(bytes, planPicture(probe, decided), tools);
  return made.renditions[0] ?? new Uint8Array();
}

/** Its box, fit and gravity are applied to the overlay's own original. */
async function overlayRaster(overlay: {
  originalHash: string;
  width: number | null;
  height: number | null;
  fit: string;
  gravity: unknown;
}): Promise<Raster> {
  const { originalHash, width, height, fit, gravity } = overlay;
  const point = gravity as { x: number; y: number };
  const box = [width && `w=${width}`, height && `h=${height}`].filter(Boolean);
  const text = ["f=png", `fit=${fit}`, `g=${point.x}x${point.y}`, ...box].join(",");
  return files.decode(await bytesOf(text, overlaySources[originalHash]));
}

export async function render(options: string, source?: Raster | Uint8Array, hints: RequestHints = {}): Promise<Raster> {
  return files.decode(await bytesOf(options, source, hints));
}

/** The size of a rendition and its four quarters, by what they are nearest to: `60×40 r g b w`. */
export async function seen(options: string, source?: Raster | Uint8Array, hints: RequestHints = {}): Promise<string> {
  return quartersOf(await render(options, source, hints));
}

export function quartersOf(raster: Raster): string {
  const { width, height } = raster;
  const names = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([x = 0, y = 0]) => nameOf(pixel(raster, Math.floor(x * width), Math.floor(y * height))));
  return `${width}×${height} ${names.join(" ")}`;
}

export function pixel({ width, data }: Raster, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

function nameOf(channels: number[]): string {
  const [name = "?"] =
    Object.entries(colours).find(([, colour]) =>
      [24, 16, 8, 0].every((shift, i) => Math.abs(((colour >>> shift) & 255) - (channels[i] ?? 0)) < 24),
    ) ?? [];
  return name;
}
