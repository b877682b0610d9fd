/** One picture from bytes to bytes: read the header, choose the route, read, convert, turn, encode. */
import type { PictureProbe } from "../probe/picture.ts";
import { encodeCanvas } from "./encode-canvas.ts";
import { PackError } from "./failure.ts";
import type { Feed, Steps } from "./feed.ts";
import { type Header, meanings } from "./header.ts";
import type { PackInstance } from "./instance.ts";
import { storedRegion, swapIf, type Turn, turns } from "./orientation.ts";
import type { OutputOptions, RenderPlan } from "./plan.ts";
import { readJpegHeader, readJpegPlanes } from "./read-jpeg.ts";
import { readPng, readPngHeader } from "./read-png.ts";
import { readGif, readGifHeader, readWebp, readWebpHeader } from "./read-whole.ts";
import type { Reading } from "./reading.ts";
import { type Conversion, planRoute, type Route } from "./route.ts";

export interface Rendered {
  bytes: Uint8Array;
  width: number;
  height: number;
  format: OutputOptions["format"];
  /** Milliseconds. */
  timings: { decode: number; encode: number };
}

export interface RenderRequest {
  probe: PictureProbe;
  plan: RenderPlan;
  now: () => number;
}

export function* render(instance: PackInstance, feed: Feed, request: RenderRequest): Steps<Rendered> {
  const { probe, plan, now } = request;
  const start = now();
  const { header, route } = yield* read(instance, feed, request);
  instance.exports.planes_close();
  convert(instance, header, route);
  turnUpright(instance, turns[probe.orientation]);
  const decoded = now();
  const bytes = encodeCanvas(instance, { header, route, plan });
  const encoded = now();
  return {
    bytes,
    ...plan.output,
    format: plan.encode.format,
    timings: { decode: decoded - start, encode: encoded - decoded },
  };
}

/** Leaves the resized picture on the canvas, as it is stored: not turned yet, in its own colours. */
function* read(
  instance: PackInstance,
  feed: Feed,
  { probe, plan }: RenderRequest,
): Steps<{ header: Header; route: Route }> {
  const open = (header: Header): Reading => openCanvas(instance, { probe, plan, header });
  switch (probe.format) {
    case "jpeg": {
      const reading = open(yield* readJpegHeader(instance, feed));
      yield* readJpegPlanes(instance, feed, reading);
      return reading;
    }
    case "png": {
      const { header, window } = yield* readPngHeader(instance, feed);
      const reading = open(header);
      yield* readPng(instance, feed, reading, window);
      return reading;
    }
    case "webp": {
      const reading = open(yield* readWebpHeader(instance, feed, probe.fileBytes));
      readWebp(instance, reading);
      return reading;
    }
    case "gif": {
      const reading = open(yield* readGifHeader(instance, feed, probe.fileBytes));
      readGif(instance, reading);
      return reading;
    }
    case "avif":
      throw new PackError("unsupported", "the pack has no AVIF decoder");
  }
}

function openCanvas(
  instance: PackInstance,
  { probe, plan, header }: { probe: PictureProbe; plan: RenderPlan; header: Header },
): Reading {
  const turn = turns[probe.orientation];
  const size = swapIf(turn.swapsAxes, probe);
  if (header.width !== size.width || header.height !== size.height) {
    throw new PackError("damaged", "the decoder found another size than the header's");
  }
  const route = planRoute(probe.format, header, plan);
  const output = swapIf(turn.swapsAxes, plan.output);
  const planes = probe.format === "jpeg" ? header.components : 3;
  instance.exports.canvas_open(output.width, output.height, route.isPlanar ? 1 : 4, route.isPlanar ? planes : 1);
  const whole = { left: 0, top: 0, width: probe.width, height: probe.height };
  return { probe, header, route, target: { crop: storedRegion(plan.crop ?? whole, probe, turn), output, turn } };
}

/** To interleaved sRGB, unless the encoder takes the planes. */
function convert(instance: PackInstance, header: Header, route: Route): void {
  const { isPlanar, isRgb, staysPlanar, encodesRgb, conversion } = route;
  const meaning = isRgb ? meanings.rgb : header.colour;
  if (isPlanar && !staysPlanar && !encodesRgb) instance.exports.canvas_interleave(meaning, Number(header.isAdobe));
  applyConversion(instance, header, conversion);
}

/** Perceptual, which is what sharp asks for. */
export const perceptualIntent = 0;

function applyConversion(instance: PackInstance, header: Header, conversion: Conversion): void {
  const { exports } = instance;
  const isCmyk = header.colour === meanings.cmyk || header.colour === meanings.ycck;
  if (conversion.kind === "profile") {
    const { profile } = conversion;
    const space = isCmyk ? meanings.cmyk : meanings.rgb;
    const isDone = exports.colour_convert(instance.put(profile), profile.length, space, perceptualIntent);
    // A damaged profile is no profile, as in browsers; only CMYK cannot be shown without any.
    if (isDone === 0 && isCmyk) exports.colour_cmyk();
  } else if (conversion.kind === "press") {
    exports.colour_cmyk();
  }
}

/** The last step before encoding: few pixels are left to move. */
export function turnUpright(instance: PackInstance, { swapsAxes, flipsX, flipsY }: Turn): void {
  if (swapsAxes || flipsX || flipsY) instance.exports.canvas_turn(Number(swapsAxes), Number(flipsX), Number(flipsY));
}
