/**
 * Prints native/glue/cmyk_table.h: what libvips makes of CMYK that carries no profile, at six steps of each ink.
 * Run by hand when the grid is to change: `node packages/image/native/cmyk-table.ts > packages/image/native/glue/cmyk_table.h`
 */
import sharp from "sharp";

const steps = 6;
const inks: number[] = [];
for (let i = 0; i < steps ** 4; i++) {
  for (const place of [3, 2, 1, 0])
    inks.push(Math.round(((Math.floor(i / steps ** place) % steps) * 255) / (steps - 1)));
}

const rgb = await sharp(tiff(inks, steps ** 2))
  .toColourspace("srgb")
  .raw()
  .toBuffer();
console.log(
  `/* Made by cmyk-table.ts: sRGB of C, M, Y, K in ${steps} steps of 51, K fastest, after libvips's conversion. */`,
);
console.log(`static const u8 cmyk_table[${rgb.length}] = {`);
for (let at = 0; at < rgb.length; at += 36) console.log(`  ${[...rgb.subarray(at, at + 36)].join(", ")},`);
console.log("};");

/** An uncompressed CMYK TIFF, the smallest file that says what its samples are. */
function tiff(samples: number[], width: number): Buffer {
  const [short, long] = [3, 4];
  const height = samples.length / 4 / width;
  const entries = 9;
  const bitsAt = 8 + 2 + 12 * entries + 4;
  const dataAt = bitsAt + 8;
  const tags = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, 4, bitsAt],
    [259, short, 1, 1],
    [262, short, 1, 5],
    [273, long, 1, dataAt],
    [277, short, 1, 4],
    [278, long, 1, height],
    [279, long, 1, samples.length],
  ];
  const file = Buffer.alloc(dataAt + samples.length);
  file.write("II*\0", 0, "latin1");
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries, 8);
  for (let i = 0; i < 4; i++) file.writeUInt16LE(8, bitsAt + 2 * i);
  Buffer.from(samples).copy(file, dataAt);
  tags.forEach(([tag = 0, type = 0, count = 0, value = 0], i) => {
    const at = 10 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  return file;
}
