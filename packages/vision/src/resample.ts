import type { Raster } from "@vitrine/contracts";

/**
 * The raster at another size, opaque: every new pixel is the mean of the area that it covers (a box filter), laid on
 * white by its alpha, so that hidden colours of transparent pixels have no say. Shape is not kept: sides are
 * scaled each by its own factor. Linear in the pixels of the larger of the two sizes.
 */
export function resample(raster: Raster, width: number, height: number): Raster {
  const columns = spans(raster.width, width);
  const rows = spans(raster.height, height);
  const data = new Uint8Array(width * height * 4);
  const band = new Float64Array(width * 3);
  for (let y = 0; y < height; y++) {
    band.fill(0);
    const first = rows.first[y] ?? 0;
    const weights = rows.weights[y] ?? [];
    for (let j = 0; j < weights.length; j++) addRow(raster, first + j, weights[j] ?? 0, columns, band);
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) data[(y * width + x) * 4 + c] = Math.round(band[x * 3 + c] ?? 0);
      data[(y * width + x) * 4 + 3] = 255;
    }
  }
  return { width, height, data };
}

interface Spans {
  first: Int32Array;
  /** Of each covered source pixel, adding up to 1. */
  weights: number[][];
}

/** Which source pixels each target pixel covers along one side, and how much of each. */
function spans(source: number, target: number): Spans {
  const first = new Int32Array(target);
  const weights: number[][] = [];
  for (let i = 0; i < target; i++) {
    const from = (i * source) / target;
    const to = ((i + 1) * source) / target;
    const start = Math.min(source - 1, Math.floor(from));
    const end = Math.min(source, Math.max(start + 1, Math.ceil(to)));
    first[i] = start;
    weights.push(
      Array.from({ length: end - start }, (_, j) => {
        const covered = Math.min(to, start + j + 1) - Math.max(from, start + j);
        return covered / (to - from);
      }),
    );
  }
  return { first, weights };
}

function addRow(raster: Raster, row: number, rowWeight: number, columns: Spans, band: Float64Array): void {
  const { data } = raster;
  const width = columns.first.length;
  for (let x = 0; x < width; x++) {
    const weights = columns.weights[x] ?? [];
    let offset = (row * raster.width + (columns.first[x] ?? 0)) * 4;
    for (let i = 0; i < weights.length; i++, offset += 4) {
      const weight = rowWeight * (weights[i] ?? 0);
      const alpha = (data[offset + 3] ?? 0) / 255;
      for (let c = 0; c < 3; c++) {
        band[x * 3 + c] = (band[x * 3 + c] ?? 0) + weight * (255 + ((data[offset + c] ?? 0) - 255) * alpha);
      }
    }
  }
}
