import { expect, test } from "vitest";
import { createCanvas } from "./canvas.ts";
import { disc, polygon, rectangle } from "./path.ts";

function redOf(draw: (canvas: ReturnType<typeof createCanvas>) => void, size = 8): number[] {
  const canvas = createCanvas(size, size, [0, 0, 0]);
  draw(canvas);
  return Array.from({ length: size * size }, (_, i) => canvas.data[i * 4] ?? 0);
}

test("an edge between pixels covers them by its share", () => {
  const red = redOf((canvas) => canvas.fill(rectangle(1.25, 2, 3.5, 1), [200, 0, 0]));
  expect(red.slice(16, 24)).toEqual([0, 150, 200, 200, 150, 0, 0, 0]);
  expect(red.filter((value) => value > 0)).toHaveLength(4);
});

test("a slanted edge covers exactly its area, whichever way the outline turns", () => {
  const triangle = [
    { x: 0, y: 0 },
    { x: 8, y: 0 },
    { x: 0, y: 3 },
  ];
  for (const points of [triangle, triangle.toReversed()]) {
    const sum = redOf((canvas) => canvas.fill(polygon(points), [255, 0, 0])).reduce((a, b) => a + b, 0);
    expect(sum / 255).toBeCloseTo(12, 1);
  }
});

test("what lies outside the picture is cut off", () => {
  const red = redOf((canvas) => canvas.fill(rectangle(-5, -5, 50, 7), [255, 0, 0]));
  expect(red.slice(0, 16).every((value) => value === 255)).toBe(true);
  expect(red.slice(16).every((value) => value === 0)).toBe(true);
});

test("a disc has the area of a disc", () => {
  const red = redOf((canvas) => canvas.fill(disc({ center: { x: 16, y: 16 }, radius: 10 }), [255, 0, 0]), 32);
  const area = red.reduce((a, b) => a + b, 0) / 255;
  expect(area / (Math.PI * 100)).toBeGreaterThan(0.98);
  expect(area / (Math.PI * 100)).toBeLessThanOrEqual(1.001);
});
