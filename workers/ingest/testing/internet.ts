/** A small internet in Node: a resolver, and servers of pictures that behave well and badly. */
import { crc32, deflateSync } from "node:zlib";
import { Response } from "miniflare";

/** What the resolver knows; what is missing does not exist. */
const addresses: Record<string, string[]> = {
  "pictures.example.net": ["93.184.216.34", "2606:2800:220:1::1"],
  "rebound.example.net": ["93.184.216.34", "10.0.0.7"],
  "private6.example.net": ["fd00::1"],
  "alias.example.net": ["pictures.example.net.", "93.184.216.34"],
};

/** Pages of pictures.example.net by path. */
const pages: Record<string, (url: URL) => Response> = {
  "/photo.png": () => picture(24, 16),
  "/other.png": () => picture(25, 16),
  "/mislabelled.png": () => new Response(png(24, 17), { headers: { "Content-Type": "text/html" } }),
  "/page.html": () => new Response("<h1>no picture</h1>", { headers: { "Content-Type": "image/png" } }),
  "/cut.png": () => new Response(png(24, 16).subarray(0, 20)),
  "/giant.png": () => picture(60_000, 60_000),
  "/missing.png": () => new Response("no", { status: 404 }),
  "/busy.png": () => new Response("later", { status: 503 }),
  "/hops": (url) => {
    const left = Number(url.searchParams.get("left"));
    return redirect(left > 0 ? `/hops?left=${left - 1}` : "/photo.png");
  },
  "/circle": () => redirect("/circle?again"),
  "/to-metadata": () => redirect("http://169.254.169.254/latest/photo.png"),
  "/to-private-name": () => redirect("http://rebound.example.net/photo.png"),
  "/to-file": () => redirect("file:///etc/passwd"),
  "/to-nowhere": () => new Response(null, { status: 302 }),
  "/undeclared.png": () => new Response(tooLong()),
  "/declared.png": () => new Response(new Uint8Array(32_000_000)),
  // Miniflare compresses by this header: 40 kB on the wire, 40 MB to read.
  "/bomb.png": () => new Response(new Uint8Array(40_000_000), { headers: { "Content-Encoding": "gzip" } }),
};

/** Hosts and paths that were asked for, newest last; `GET https://log.example.net/` answers it. */
const log: string[] = [];

export function answerAsInternet(request: { url: string }): Response {
  const url = new URL(request.url);
  if (url.hostname === "log.example.net") return Response.json(log);
  if (url.hostname === "dns.example.net") return resolve(url);
  log.push(url.host + url.pathname);
  if (url.hostname !== "pictures.example.net") return picture(24, 16); // private places hold tempting pictures
  return pages[url.pathname]?.(url) ?? new Response("no page", { status: 404 });
}

function resolve(url: URL): Response {
  const name = url.searchParams.get("name") ?? "";
  const isV6 = url.searchParams.get("type") === "AAAA";
  if (name === "broken.example.net") return new Response("resolver down", { status: 502 });
  if (name === "servfail.example.net") return Response.json({ Status: 2 });
  const known = addresses[name];
  if (!known) return Response.json({ Status: 3 });
  const data = known.filter((address) => address.includes(":") === isV6);
  return Response.json({ Status: 0, Answer: data.map((address) => ({ name, data: address })) });
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { Location: location } });
}

function picture(width: number, height: number): Response {
  return new Response(png(width, height), { headers: { "Content-Type": "image/png" } });
}

/** A PNG of one grey; sizes that nobody could hold have a header alone. */
function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8); // 8 bits, grey
  const rows = width * height < 1e6 ? deflateSync(Buffer.alloc((width + 1) * height)) : Buffer.alloc(0);
  const chunks = [chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** A picture's beginning, and then more bytes than are ever taken; not truly endless, since nobody may stop reading. */
function tooLong(): ReadableStream<Uint8Array> {
  let megabytes = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(megabytes === 0 ? new Uint8Array(png(24, 16)) : new Uint8Array(1024 * 1024));
      megabytes += 1;
      if (megabytes > 33) controller.close();
    },
  });
}
