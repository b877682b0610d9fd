import { expect, test } from "vitest";
import { encodeJpeg } from "./encode.ts";
import { demoPictures, digestOf, drawPicture, styles } from "./pictures.ts";

test("there are 240 pictures or more in eight styles, each with a title of its own within the style", () => {
  const pictures = demoPictures();
  expect(pictures.length).toBeGreaterThanOrEqual(240);
  expect(styles).toHaveLength(8);
  expect(new Set(pictures.map(({ style, title }) => `${style.name} ${title}`)).size).toBe(pictures.length);
});

test.each(
  styles.map((style) => [style.name, style] as const),
)("%s is drawn the same each time, and each picture is another", (_, style) => {
  const [first, again, second] = [0, 0, 1].map((number) => digestOf(drawPicture({ style, number })));
  expect(again).toBe(first);
  expect(second).not.toBe(first);
});

/** Pixels may differ in the last bit between processors (sine, cosine), so the drawing is pinned by coarse means. */
test("the drawings are those of every other machine", () => {
  const means = styles.map((style) => {
    const { data, width, height } = drawPicture({ style, number: 0 });
    const sum = data.reduce((total, value) => total + value, 0);
    return `${style.name} ${width}x${height} ${Math.round(sum / data.length)}`;
  });
  expect(means).toMatchSnapshot();
});

test.each(
  styles.map((style) => [style.name, style] as const),
)("%s has several shapes and is no flat field", (_, style) => {
  const shapes = new Set<number>();
  for (let number = 0; number < 4; number++) {
    const { width, height, data } = drawPicture({ style, number });
    shapes.add(width / height);
    const samples = Array.from({ length: 500 }, (_, i) => data[i * 997]);
    expect(new Set(samples).size).toBeGreaterThan(3);
  }
  expect(shapes.size).toBeGreaterThan(1);
});

test("a drawing becomes a JPEG", async () => {
  const style = styles[0];
  if (!style) throw new Error("no styles");
  const jpeg = await encodeJpeg(drawPicture({ style, number: 0 }));
  expect([...jpeg.slice(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  expect(jpeg.length).toBeGreaterThan(5_000);
});
