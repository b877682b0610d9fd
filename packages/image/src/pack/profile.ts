/** What an ICC profile says, as far as it saves work: most say sRGB, and then there is nothing to convert. */

/** ICC.1:2022, 7.2: the header's fields that are read here, by offset. */
const colourSpaceAt = 16;
const tagTableAt = 128;
/** s15Fixed16Number. */
const fixedOne = 65_536;

/** sRGB's primaries adapted to D50, as its usual profiles have them in rXYZ, gXYZ and bXYZ. */
const srgbColorants = {
  rXYZ: [0.436, 0.2225, 0.0139],
  gXYZ: [0.3851, 0.7169, 0.0971],
  bXYZ: [0.1431, 0.0606, 0.7139],
} as const;
/** Profiles round and adapt differently; Display P3's red lies 0.08 away. */
const colorantTolerance = 0.004;
/** Of linear light 0–1: between sRGB's curve and a plain 2.2 lie 0.009. */
const curveTolerance = 0.004;

export function profileSpace(profile: Uint8Array): string {
  return text(profile, colourSpaceAt);
}

/** Whether converting by this profile to sRGB would leave pixels as they are. */
export function isSrgb(profile: Uint8Array): boolean {
  if (profile.length < tagTableAt + 4 || profileSpace(profile) !== "RGB ") return false;
  const tags = readTags(profile);
  // A look-up table overrules the matrix.
  if (tags.has("A2B0")) return false;
  const fits = Object.entries(srgbColorants).every(([name, expected]) => {
    const at = tags.get(name);
    return (
      at !== undefined && expected.every((value, i) => near(fixed(profile, at + 8 + 4 * i), value, colorantTolerance))
    );
  });
  return fits && ["rTRC", "gTRC", "bTRC"].every((name) => isSrgbCurve(profile, tags.get(name)));
}

function isSrgbCurve(profile: Uint8Array, at: number | undefined): boolean {
  if (at === undefined) return false;
  const curve = curveAt(profile, at);
  return (
    curve !== undefined &&
    [0.02, 0.1, 0.25, 0.5, 0.75, 0.9].every((x) => near(curve(x), srgbToLinear(x), curveTolerance))
  );
}

const srgbToLinear = (x: number) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);

/** `curv` with a table and `para` of type 3, the two forms in which sRGB's curve is written. */
function curveAt(profile: Uint8Array, at: number): ((x: number) => number) | undefined {
  const type = text(profile, at);
  if (type === "curv") {
    const count = u32(profile, at + 8);
    if (count < 2 || at + 12 + 2 * count > profile.length) return undefined;
    return (x) => {
      const i = at + 12 + 2 * Math.round(x * (count - 1));
      return ((profile[i] ?? 0) * 256 + (profile[i + 1] ?? 0)) / 65_535;
    };
  }
  if (type !== "para" || (profile[at + 9] ?? 0) !== 3) return undefined;
  const [g = 1, a = 1, b = 0, c = 1, d = 0] = Array.from({ length: 5 }, (_, i) => fixed(profile, at + 12 + 4 * i));
  return (x) => (x >= d ? (a * x + b) ** g : c * x);
}

function readTags(profile: Uint8Array): Map<string, number> {
  const tags = new Map<string, number>();
  const count = Math.min(100, u32(profile, tagTableAt));
  for (let i = 0; i < count; i++) {
    const entry = tagTableAt + 4 + 12 * i;
    const at = u32(profile, entry + 4);
    if (at + 20 <= profile.length) tags.set(text(profile, entry), at);
  }
  return tags;
}

const near = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance;
const text = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
const u32 = (bytes: Uint8Array, at: number) =>
  (bytes[at] ?? 0) * 2 ** 24 + (bytes[at + 1] ?? 0) * 65_536 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
const fixed = (bytes: Uint8Array, at: number) => (u32(bytes, at) | 0) / fixedOne;
