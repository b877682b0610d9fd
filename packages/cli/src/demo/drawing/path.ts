/** Outlines as closed polygons: x and y in turn, in pixels. Curves are flattened finely enough for their size. */
import type { Random } from "./random.ts";

export type Path = number[][];
export interface Point {
  x: number;
  y: number;
}

export function polygon(points: readonly Point[]): Path {
  return [points.flatMap(({ x, y }) => [x, y])];
}

export function rectangle(x: number, y: number, width: number, height: number): Path {
  return [[x, y, x + width, y, x + width, y + height, x, y + height]];
}

export interface Arc {
  center: Point;
  radius: number;
  /** Radians, clockwise from three o'clock. */
  from?: number;
  to?: number;
}

/** A disc, or with `from` and `to` a slice of it. */
export function disc({ center, radius, from = 0, to = 2 * Math.PI }: Arc): Path {
  const isWhole = to - from >= 2 * Math.PI - 1e-9;
  const count = Math.max(8, Math.ceil((Math.sqrt(radius) * 6 * (to - from)) / (2 * Math.PI)));
  const points: Point[] = isWhole ? [] : [center];
  for (let i = 0; i < count + (isWhole ? 0 : 1); i++) {
    const angle = from + ((to - from) * i) / count;
    points.push({ x: center.x + radius * Math.cos(angle), y: center.y + radius * Math.sin(angle) });
  }
  return polygon(points);
}

/** A closed curve through the points (Catmull-Rom). */
export function smooth(points: readonly Point[], stepsPerPoint = 8): Path {
  const at = (i: number) => points[(i + points.length) % points.length] ?? { x: 0, y: 0 };
  const curve: Point[] = [];
  for (let i = 0; i < points.length; i++) {
    for (let step = 0; step < stepsPerPoint; step++) curve.push(between(at, i, step / stepsPerPoint));
  }
  return polygon(curve);
}

/** An uneven round shape; `wobble` 0 is a circle. */
export function blob(random: Random, { center, radius }: Arc, { corners = 9, wobble = 0.25 } = {}): Path {
  const turn = random.between(0, 2 * Math.PI);
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = turn + (i / corners) * 2 * Math.PI;
    const reach = radius * (1 + random.between(-wobble, wobble));
    return { x: center.x + reach * Math.cos(angle), y: center.y + reach * Math.sin(angle) };
  });
  return smooth(points);
}

/** A line with a width at each point; round enough when its points lie close. */
export function ribbon(points: readonly Point[], widthAt: (t: number) => number): Path {
  const left: Point[] = [];
  const right: Point[] = [];
  points.forEach((point, i) => {
    const before = points[Math.max(0, i - 1)] ?? point;
    const after = points[Math.min(points.length - 1, i + 1)] ?? point;
    const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
    const half = widthAt(i / Math.max(1, points.length - 1)) / 2 / length;
    const across = { x: -(after.y - before.y) * half, y: (after.x - before.x) * half };
    left.push({ x: point.x + across.x, y: point.y + across.y });
    right.unshift({ x: point.x - across.x, y: point.y - across.y });
  });
  return polygon([...left, ...right]);
}

function between(at: (i: number) => Point, i: number, t: number): Point {
  const weights = [-t + 2 * t * t - t ** 3, 2 - 5 * t * t + 3 * t ** 3, t + 4 * t * t - 3 * t ** 3, t ** 3 - t * t];
  const point = { x: 0, y: 0 };
  weights.forEach((weight, k) => {
    const near = at(i - 1 + k);
    point.x += (weight / 2) * near.x;
    point.y += (weight / 2) * near.y;
  });
  return point;
}
