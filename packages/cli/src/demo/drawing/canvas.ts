/**
 * A picture to draw on: filled outlines with smooth edges and pictures by formula, nothing more.
 *
 * Edges are exact: each polygon edge adds its signed area to the pixels it crosses, and a running sum along the row
 * is the share of each pixel that is covered (the method of font-rs, github.com/raphlinus/font-rs).
 */
import type { Color } from "./color.ts";
import type { Path } from "./path.ts";

export interface Canvas {
  width: number;
  height: number;
  /** RGBA, row by row. */
  data: Uint8ClampedArray;
  /** Blends the colour over what is there; outlines that overlap count once when they turn the same way. */
  fill(path: Path, color: Color, opacity?: number): void;
  /** Sets every pixel by its place. */
  paint(colorAt: (x: number, y: number) => Color): void;
  /** Adds the same to red, green and blue of every pixel: grain and vignettes. */
  lighten(amountAt: (x: number, y: number) => number): void;
}

export function createCanvas(width: number, height: number, background: Color): Canvas {
  const data = new Uint8ClampedArray(width * height * 4);
  const coverage = new Float32Array((width + 2) * height);
  const canvas: Canvas = {
    width,
    height,
    data,
    fill(path, color, opacity = 1) {
      const rows = { first: height, last: -1 };
      for (const polygon of path) addPolygon(polygon);
      blend(rows, color, opacity);

      function addPolygon(polygon: number[]): void {
        for (let i = 0; i < polygon.length; i += 2) {
          const j = (i + 2) % polygon.length;
          const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [polygon[i], polygon[i + 1], polygon[j], polygon[j + 1]];
          const top = Math.max(0, Math.floor(Math.min(y0, y1)));
          const bottom = Math.min(height - 1, Math.floor(Math.max(y0, y1)));
          rows.first = Math.min(rows.first, top);
          rows.last = Math.max(rows.last, bottom);
          addEdge({ coverage, width, top, bottom }, x0, y0, x1, y1);
        }
      }
    },
    paint(colorAt) {
      for (let y = 0, i = 0; y < height; y++) {
        for (let x = 0; x < width; x++, i += 4) {
          const [red, green, blue] = colorAt(x, y);
          data[i] = red;
          data[i + 1] = green;
          data[i + 2] = blue;
          data[i + 3] = 255;
        }
      }
    },
    lighten(amountAt) {
      for (let y = 0, i = 0; y < height; y++) {
        for (let x = 0; x < width; x++, i += 4) {
          const amount = amountAt(x, y);
          data[i] = (data[i] ?? 0) + amount;
          data[i + 1] = (data[i + 1] ?? 0) + amount;
          data[i + 2] = (data[i + 2] ?? 0) + amount;
        }
      }
    },
  };

  /** Turns the areas of the rows into coverage, blends by it, and leaves the buffer empty. */
  function blend(rows: { first: number; last: number }, [red, green, blue]: Color, opacity: number): void {
    for (let y = rows.first; y <= rows.last; y++) {
      let sum = 0;
      const row = y * (width + 2);
      for (let x = 0, i = y * width * 4; x < width; x++, i += 4) {
        sum += coverage[row + x] ?? 0;
        const share = Math.min(1, Math.abs(sum)) * opacity;
        if (share < 0.002) continue;
        data[i] = (data[i] ?? 0) + (red - (data[i] ?? 0)) * share;
        data[i + 1] = (data[i + 1] ?? 0) + (green - (data[i + 1] ?? 0)) * share;
        data[i + 2] = (data[i + 2] ?? 0) + (blue - (data[i + 2] ?? 0)) * share;
      }
      coverage.fill(0, row, row + width + 2);
    }
  }

  canvas.paint(() => background);
  return canvas;
}

interface Area {
  coverage: Float32Array;
  width: number;
  top: number;
  bottom: number;
}

function addEdge({ coverage, width, top, bottom }: Area, x0: number, y0: number, x1: number, y1: number): void {
  if (y0 === y1) return;
  const slope = (x1 - x0) / (y1 - y0);
  const direction = y0 < y1 ? 1 : -1;
  const [low, high] = [Math.min(y0, y1), Math.max(y0, y1)];
  for (let y = top; y <= bottom; y++) {
    const from = Math.max(low, y);
    const to = Math.min(high, y + 1);
    if (to <= from) continue;
    const a = clamp(x0 + (from - y0) * slope, width);
    const b = clamp(x0 + (to - y0) * slope, width);
    addSpan(coverage, y * (width + 2), Math.min(a, b), Math.max(a, b), direction * (to - from));
  }
}

/** Spreads an edge piece of height `area` that runs from `left` to `right` inside one row. */
function addSpan(coverage: Float32Array, row: number, left: number, right: number, area: number): void {
  const first = Math.floor(left);
  const last = Math.ceil(right);
  if (last <= first + 1) {
    const inside = first + 1 - (left + right) / 2;
    add(coverage, row + first, area * inside);
    add(coverage, row + first + 1, area * (1 - inside));
    return;
  }
  // The share of the piece above each column boundary, as a running total whose differences are what pixels get.
  const perPixel = area / (right - left);
  let before = 0;
  for (let x = first; x <= last; x++) {
    const total = perPixel * coveredUpTo(x + 1, left, right);
    add(coverage, row + x, total - before);
    before = total;
  }
}

/** The integral of the covered width of one pixel column that ends at `x`. */
function coveredUpTo(x: number, left: number, right: number): number {
  const ramp = (t: number) =>
    t <= left ? 0 : t >= right ? (right - left) * (t - (left + right) / 2) : (t - left) ** 2 / 2;
  return ramp(x) - ramp(x - 1);
}

function add(coverage: Float32Array, index: number, amount: number): void {
  coverage[index] = (coverage[index] ?? 0) + amount;
}

function clamp(x: number, width: number): number {
  return Math.min(Math.max(x, 0), width);
}
