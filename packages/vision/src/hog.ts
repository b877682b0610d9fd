/**
 * Histograms of oriented gradients (Dalal and Triggs 2005, https://doi.org/10.1109/CVPR.2005.177) at two scales of
 * gradients over the same 6×6 cells, each added to that of the mirrored picture: what shows a thing from the left is
 * as near to it as from the right, and half of the numbers are enough, since the sum is symmetric.
 *
 * Measured on 3,068 photos of clothes in ten classes, half of them as queries against the other half: one scale of 8×8
 * cells and 9 bins had a P@10 of 0.548, mirrored 0.566, two scales and 12 bins 0.578, with weak blocks faded 0.584; a grey or coloured thumbnail
 * beside it added nothing, nor did weighting the middle.
 */
import type { Raster } from "@vitrine/contracts";
import { grayOf } from "./gray.ts";

/** Pixels of a cell's side at each scale: gradients of outlines, and of seams and folds. */
const cellSides = [8, 16] as const;
const cells = 6;
/** Orientations from 0 to 180 degrees. */
const bins = 12;
const blocks = cells - 1;
const blockLength = 4 * bins;
/** Clipping of normalised blocks (Lowe 2004): one strong edge does not speak for all. */
const clip = 0.2;
/**
 * Added to the squares of a block before it is normalised: blocks whose mean gradient is weaker than 0.4 (in roots of
 * luma a pixel) are mostly noise of flat areas, and fade instead of being blown up. Measured: half a point of P@10.
 */
const gradientFloor = 0.4 ** 2;
/** The same after clipping, where squares add up to at most 1. */
const clippedFloor = 0.1;

/** Length of a descriptor: of each block the cells in the left half of the picture. */
export const hogLength = (cellSides.length * blocks * blocks * blockLength) / 2;

/** The descriptor of a raster, `hogLength` numbers from 0 to about 0.5; all zeros for a picture of one colour. */
export function hogDescriptor(raster: Raster): Float32Array {
  const descriptor = new Float32Array(hogLength);
  let offset = 0;
  for (const cellSide of cellSides) {
    const side = cells * cellSide;
    const histograms = cellHistograms(grayOf(raster, side).map(Math.sqrt), cellSide);
    offset = fold(normalisedBlocks(histograms), descriptor, offset);
  }
  return descriptor;
}

/** Gradients by cell and orientation, each shared among its two nearest bins and its four nearest cells. */
function cellHistograms(gray: Float32Array, cellSide: number): Float32Array {
  const side = cells * cellSide;
  const histograms = new Float32Array(cells * cells * bins);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const i = y * side + x;
      const dx = x > 0 && x < side - 1 ? (gray[i + 1] ?? 0) - (gray[i - 1] ?? 0) : 0;
      const dy = y > 0 && y < side - 1 ? (gray[i + side] ?? 0) - (gray[i - side] ?? 0) : 0;
      const magnitude = Math.sqrt(dx * dx + dy * dy) / (cellSide * cellSide);
      if (magnitude === 0) continue;
      const angle = Math.atan2(dy, dx) / Math.PI;
      const orientation = (angle < 0 ? angle + 1 : angle) * bins;
      vote(histograms, { column: (x + 0.5) / cellSide - 0.5, row: (y + 0.5) / cellSide - 0.5, orientation, magnitude });
    }
  }
  return histograms;
}

interface Gradient {
  /** In cells, 0 in the middle of the first. */
  column: number;
  row: number;
  /** In bins. */
  orientation: number;
  magnitude: number;
}

function vote(histograms: Float32Array, { column, row, orientation, magnitude }: Gradient): void {
  const firstColumn = Math.floor(column);
  const firstRow = Math.floor(row);
  const firstBin = Math.floor(orientation);
  for (let r = Math.max(0, firstRow); r <= Math.min(cells - 1, firstRow + 1); r++) {
    const rowShare = magnitude * (1 - Math.abs(row - r));
    for (let c = Math.max(0, firstColumn); c <= Math.min(cells - 1, firstColumn + 1); c++) {
      const share = rowShare * (1 - Math.abs(column - c));
      const upper = share * (orientation - firstBin);
      const cell = (r * cells + c) * bins;
      const low = cell + (firstBin % bins);
      const high = cell + ((firstBin + 1) % bins);
      histograms[low] = (histograms[low] ?? 0) + share - upper;
      histograms[high] = (histograms[high] ?? 0) + upper;
    }
  }
}

/** Overlapping blocks of 2×2 cells, each of length 1, clipped, and of length 1 again. */
function normalisedBlocks(histograms: Float32Array): Float32Array {
  const output = new Float32Array(blocks * blocks * blockLength);
  for (let i = 0; i < blocks * blocks; i++) {
    const block = output.subarray(i * blockLength, (i + 1) * blockLength);
    for (let cell = 0; cell < 4; cell++) {
      const from = cellOf(i, cell) * bins;
      block.set(histograms.subarray(from, from + bins), cell * bins);
    }
    scale(block, gradientFloor);
    for (let j = 0; j < blockLength; j++) block[j] = Math.min(clip, block[j] ?? 0);
    scale(block, clippedFloor);
  }
  return output;
}

/** Which cell is the `position`-th (0 to 3) of a block. */
function cellOf(block: number, position: number): number {
  return (Math.floor(block / blocks) + (position >> 1)) * cells + (block % blocks) + (position & 1);
}

function scale(block: Float32Array, floor: number): void {
  let sum = floor;
  for (const value of block) sum += value * value;
  const factor = 1 / Math.sqrt(sum);
  for (let i = 0; i < block.length; i++) block[i] = (block[i] ?? 0) * factor;
}

/** Adds each number of the left half of the picture and its mirror image from the right half. */
function fold(normalised: Float32Array, descriptor: Float32Array, start: number): number {
  let offset = start;
  for (let block = 0; block < blocks * blocks; block++) {
    const mirrored = block - (block % blocks) + (blocks - 1 - (block % blocks));
    for (let position = 0; position < 4; position++) {
      if (cellOf(block, position) % cells >= cells / 2) continue;
      for (let bin = 0; bin < bins; bin++) {
        const here = normalised[block * blockLength + position * bins + bin] ?? 0;
        const there = normalised[mirrored * blockLength + (position ^ 1) * bins + ((bins - bin) % bins)] ?? 0;
        descriptor[offset++] = (here + there) / 2;
      }
    }
  }
  return offset;
}
