/** Where to look: the part of a small picture that catches the eye, or has the most detail. */
import type { Raster } from "@vitrine/contracts";
import type { Region, Size } from "../geometry.ts";
import { blur } from "./blur.ts";

/** Windows tried along each axis: on 128 pixels a step is at most 4, which nobody sees in a crop. */
const maxSteps = 32;

/**
 * The window of this size with the most saliency, after Achanta et al. 2009: how far each pixel of the slightly
 * blurred picture lies from the mean colour, and how strong its edges are. Among equals the one nearest the middle.
 */
export function salientWindow(raster: Raster, window: Size): Region {
  const sums = integral(saliencyMap(raster), raster);
  const stride = raster.width + 1;
  const at = (x: number, y: number) => sums[y * stride + x] ?? 0;
  return bestWindow(raster, window, ({ left, top, width, height }) => {
    return at(left + width, top + height) - at(left, top + height) - at(left + width, top) + at(left, top);
  });
}

/** The window whose grey values have the highest Shannon entropy. */
export function detailedWindow(raster: Raster, window: Size): Region {
  return bestWindow(raster, window, (region) => entropy(raster, region));
}

/** Along x in the middle of y, then along y there: most crops leave one axis alone. */
function bestWindow(raster: Size, window: Size, score: (region: Region) => number): Region {
  const { width, height } = window;
  const spare = { x: raster.width - width, y: raster.height - height };
  const top = Math.floor(spare.y / 2);
  const left = best(spare.x, (start) => score({ left: start, top, width, height }));
  return { left, top: best(spare.y, (start) => score({ left, top: start, width, height })), width, height };
}

function best(spare: number, score: (start: number) => number): number {
  const steps = Math.min(spare, maxSteps);
  let found = Math.floor(spare / 2);
  // A thousandth better is not worth leaving the middle for.
  let most = score(found) * 1.001;
  for (let i = 0; i <= steps && steps > 0; i++) {
    const start = Math.round((spare * i) / steps);
    const value = score(start);
    if (value > most) [found, most] = [start, value];
  }
  return found;
}

/** An edge counts about as much as a colour that is as far from the mean as the edge is high. */
function saliencyMap(raster: Raster): Float64Array {
  const { width, height } = raster;
  const { data } = blur({ width, height, data: raster.data.slice() }, 1);
  const mean = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    for (let channel = 0; channel < 3; channel++) mean[channel] = (mean[channel] ?? 0) + (data[at + channel] ?? 0);
  }
  const [red = 0, green = 0, blue = 0] = mean.map((sum) => sum / (width * height));
  const map = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const distance = Math.hypot((data[at] ?? 0) - red, (data[at + 1] ?? 0) - green, (data[at + 2] ?? 0) - blue);
      const right = x + 1 < width ? at + 4 : at;
      const below = y + 1 < height ? at + width * 4 : at;
      const edge =
        Math.abs((data[at + 1] ?? 0) - (data[right + 1] ?? 0)) + Math.abs((data[at + 1] ?? 0) - (data[below + 1] ?? 0));
      map[y * width + x] = ((distance + edge) * (data[at + 3] ?? 0)) / 255;
    }
  }
  return map;
}

/** Summed-area table with a row and a column of zeros before it. */
function integral(map: Float64Array, { width, height }: Size): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += map[y * width + x] ?? 0;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return sums;
}

/** In bits, of 64 grey values: fewer pixels than that have no histogram of 256. */
function entropy({ width, data }: Raster, region: Region): number {
  const counts = new Uint32Array(64);
  for (let y = region.top; y < region.top + region.height; y++) {
    for (let x = region.left; x < region.left + region.width; x++) {
      const at = (y * width + x) * 4;
      const grey = ((data[at] ?? 0) * 77 + (data[at + 1] ?? 0) * 150 + (data[at + 2] ?? 0) * 29) >> 10;
      counts[grey] = (counts[grey] ?? 0) + 1;
    }
  }
  const total = region.width * region.height;
  return counts.reduce((sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log2(count / total)), 0);
}
