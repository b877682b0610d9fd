import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { type Caller, call, newBoard, newCaller, newReadyPin } from "./api.ts";
import { drawAnimation, drawPicture } from "./pictures.ts";

let owner: Caller;
let pin: string;
let overlay: string;

beforeAll(async () => {
  owner = await newCaller("retoucher");
  const board = await newBoard(owner);
  pin = await newReadyPin(owner, board, await drawPicture({ seed: 31, width: 900, height: 600 }));
  overlay = await newReadyPin(owner, board, await drawPicture({ seed: 32, width: 200, height: 200 }));
});

/** Sizes of what comes, decoded by another library. */
test.each([
  ["width=300", "300×200 jpeg"],
  ["w=300,h=300,fit=cover,gravity=auto,f=webp", "300×300 webp"],
  ["w=300,h=300,fit=pad,background=gold,f=png", "300×300 png"],
  ["w=300,h=300,fit=squeeze,gravity=entropy", "300×300 jpeg"],
  ["w=2000,h=2000,fit=aspect-crop,g=left", "600×600 jpeg"],
  ["rotate=90,flip=h,w=100", "100×150 jpeg"],
  ["trim=0;0;0.5;0,w=300,border=navy;10,blur=2,saturation=0", "320×120 jpeg"],
  ["w=300,sharpen=2,f=avif", "300×200 heif"],
  ["w=300,q=auto", "300×200 jpeg"],
])("%s is %s", async (options, expected) => {
  const response = await call(`/image/${options}/${pin}`);
  expect(response.status).toBe(200);
  const bytes = await response.bytes();
  const { width, height, format } = await sharp(bytes).metadata();
  expect(`${width}×${height} ${format}`).toBe(expected);
  const again = await call(`/cdn-cgi/image/${options.split(",").toReversed().join(",")}/${pin}`);
  expect(Buffer.compare(await again.bytes(), bytes)).toBe(0);
});

test("a budget of bytes, an overlay and a description", async () => {
  const small = await call(`/image/w=600,max-bytes=9000/${pin}`);
  expect((await small.bytes()).length).toBeLessThanOrEqual(9_000);
  const drawn = await call(`/image/w=300,f=png,draw=${overlay};width=50;right=5;bottom=5/${pin}`);
  const plain = await call(`/image/w=300,f=png/${pin}`);
  expect(drawn.status).toBe(200);
  const corner = (bytes: Uint8Array) =>
    sharp(bytes).extract({ left: 250, top: 150, width: 40, height: 40 }).raw().toBuffer();
  expect(Buffer.compare(await corner(await drawn.bytes()), await corner(await plain.bytes()))).not.toBe(0);
  expect(await (await call(`/image/w=300,f=json/${pin}`)).json()).toMatchObject({
    ...{ width: 300, height: 200, original: { width: 900, height: 600 } },
  });
});

test("an animation moves where the client shows WebP, and stands still elsewhere", async () => {
  const board = await newBoard(owner);
  const gif = await drawAnimation({ width: 120, height: 80, frames: 6 });
  const moving = await newReadyPin(owner, board, gif);
  const shown = async (options: string, accept: string) => {
    const response = await call(`/image/${options}/${moving}`, { headers: { Accept: accept } });
    const { width, pageHeight, height, pages, format } = await sharp(await response.bytes(), {
      animated: true,
    }).metadata();
    return `${width}×${pageHeight ?? height} ${format} ${pages ?? 1} ${response.headers.get("Vary") ?? ""}`;
  };
  expect(await shown("w=60", "image/webp,*/*")).toMatch(/^60×40 webp 6 .*Accept/);
  expect(await shown("w=60,f=auto,blur=1", "image/webp")).toMatch(/^60×40 webp 6/);
  expect(await shown("w=60,anim=false", "image/webp")).toMatch(/^60×40 webp 1/);
  expect(await shown("w=60", "*/*")).toMatch(/^60×40 png 1 .*Accept/);
  expect(await shown("w=60,f=jpeg", "image/webp")).toMatch(/^60×40 jpeg 1/);
});

test("what is no option is refused in one sentence", async () => {
  for (const options of ["w=0", "width=1,w=2", "nonsense=1", "gravity=face", "%25=1"]) {
    const response = await call(`/image/${options}/${pin}`);
    expect(response.status, options).toBe(400);
    expect(((await response.json()) as { detail: string }).detail).toMatch(/^[^\n]+\.$/);
  }
});
