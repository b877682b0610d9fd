/**
 * Looks at a decoder's pixels where they lie, in WASM memory.
 *
 * The emscripten decoders end with `new ImageData(new Uint8ClampedArray(view), width, height)`: a copy of 4 bytes
 * a pixel that would be alive together with the decoder's memory, and that decides which pictures fit into an
 * isolate. While a decoder starts and runs, those two names stand for classes that hand the view to `read`
 * instead, which shrinks it on the way out. Both calls are synchronous, so nothing else ever sees the stand-ins.
 */
import { emscriptenKind } from "./emscripten.ts";
import type { InstanceKind } from "./instances.ts";

export interface BorrowedPixels {
  /** A view of WASM memory, valid only during the call. */
  data: Uint8Array;
  width: number;
  height: number;
}

const names = ["Uint8ClampedArray", "ImageData"] as const;

class BorrowedView {
  readonly view: Uint8Array;
  constructor(view: Uint8Array) {
    this.view = view;
  }
}

let receive: ((pixels: BorrowedPixels) => void) | undefined;

class BorrowedImage {
  constructor({ view }: BorrowedView, width: number, height: number) {
    receive?.({ data: new Uint8Array(view.buffer, view.byteOffset, view.byteLength), width, height });
  }
}

/** A decoder that finds the stand-ins for its pixels when it starts. */
export function decoderKind<T>(factory: unknown, module: WebAssembly.Module): InstanceKind<T> {
  const kind = emscriptenKind<T>(factory, module);
  return { ...kind, create: () => withStandIns(() => kind.create()) };
}

/** Runs `decode` and answers what `read` makes of the pixels. Throws when the decoder hands out none. */
export function borrowPixels<R>(decode: () => unknown, read: (pixels: BorrowedPixels) => R): R {
  let result: { value: R } | undefined;
  receive = (pixels) => {
    result = { value: read(pixels) };
  };
  try {
    withStandIns(decode);
  } finally {
    receive = undefined;
  }
  if (!result) throw new Error("the decoder answered no pixels");
  return result.value;
}

/** Decoders look the names up when they start or at their first picture, and keep what they found. */
function withStandIns<R>(work: () => R): R {
  const globals = globalThis as Record<string, unknown>;
  const previous = names.map((name) => Object.getOwnPropertyDescriptor(globals, name));
  const standIns = [BorrowedView, BorrowedImage];
  names.forEach((name, i) => {
    Object.defineProperty(globals, name, { value: standIns[i], configurable: true, writable: true });
  });
  try {
    return work();
  } finally {
    names.forEach((name, i) => {
      const descriptor = previous[i];
      if (descriptor) Object.defineProperty(globals, name, descriptor);
      else delete globals[name];
    });
  }
}
