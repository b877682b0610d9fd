import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@vitrine/client";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { sendFile } from "./send.ts";

const source = await drawn(800, 400, "png");
const right = {
  "/i/p/thumbnail.webp": await drawn(236, 236, "webp"),
  "/i/p/large.jpg": await drawn(736, 368, "jpeg"),
  "/i/p/grid.png": await drawn(150, 150, "png"),
};

function drawn(width: number, height: number, format: "png" | "jpeg" | "webp"): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: "#a0522d" } })
    .toFormat(format)
    .toBuffer();
}

let server: Server;
afterEach(() => server.close());

type Answers = Record<string, (response: ServerResponse) => void>;

/** Sends the source to a server that answers rightly but for the given paths. */
async function sendTo(answers: Answers, options: { isMutant?: boolean } = {}) {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://x").pathname;
    const picture = right[path as keyof typeof right];
    const answer = answers[path] ?? ((to) => to.setHeader("etag", '"1"').end(picture));
    request.resume().on("end", () => answer(response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = {
    url,
    service: createClient({ baseUrl: url }),
    upload: (bytes: Uint8Array<ArrayBuffer>) => fetch(`${url}/upload`, { method: "POST", body: bytes }),
  };
  const file = { name: "a.png", bytes: new Uint8Array(source), isMutant: options.isMutant ?? false };
  return sendFile(target, file);
}

const accepted: Answers = { "/upload": (to) => to.writeHead(202).end('{"id":"p"}') };

test("what is served rightly has no fault", async () => {
  const { pinId, answers } = await sendTo(accepted);
  expect(pinId).toBe("p");
  expect(answers.map(({ request, fault, refusal }) => [request, fault, refusal])).toEqual([
    ["upload", null, null],
    ["thumbnail.webp", null, null],
    ["large.jpg", null, null],
    ["grid.png", null, null],
  ]);
});

test("a refused upload is a refusal by its code, and nothing more is asked", async () => {
  const { pinId, answers } = await sendTo({
    "/upload": (to) => to.writeHead(415).end('{"code":"unsupported-media-type"}'),
  });
  expect(pinId).toBeNull();
  expect(answers).toEqual([{ request: "upload", fault: null, refusal: "415 unsupported-media-type" }]);
});

test("each kind of fault is told apart", async () => {
  const { answers } = await sendTo({
    ...accepted,
    "/i/p/thumbnail.webp": (to) => to.writeHead(500).end('{"code":"internal"}'),
    "/i/p/large.jpg": (to) => to.setHeader("etag", '"1"').end(right["/i/p/grid.png"]),
    "/i/p/grid.png": (to) => to.end(right["/i/p/grid.png"]),
  });
  expect(answers.slice(1).map(({ fault }) => fault?.kind)).toEqual(["5xx", "wrong size", "substitute"]);
  expect(answers[1]?.fault?.detail).toContain("500 internal");
  expect(answers[2]?.fault?.detail).toBe("150×150 in place of 736×368");
});

test("a rendition that ends early is unreadable, and a connection that breaks is a failure of the server", async () => {
  const { answers } = await sendTo({
    ...accepted,
    "/i/p/large.jpg": (to) => to.setHeader("etag", '"1"').end(right["/i/p/large.jpg"].subarray(0, 900)),
    "/i/p/grid.png": (to) => to.destroy(),
  });
  expect(answers.slice(2).map(({ fault }) => fault?.kind)).toEqual(["unreadable", "5xx"]);
});

test("a broken copy may lie on its side, a whole file may not", async () => {
  const turned = await drawn(400, 800, "jpeg");
  const answers: Answers = { ...accepted, "/i/p/large.jpg": (to) => to.setHeader("etag", '"1"').end(turned) };
  expect((await sendTo(answers, { isMutant: true })).answers[2]?.fault).toBeNull();
  server.close();
  expect((await sendTo(answers)).answers[2]?.fault?.kind).toBe("wrong size");
});
