/** One instance of the module: its exports with types, and views of its memory. */
import { type FailureKind, failureKinds, PackError } from "./failure.ts";

/** Addresses and sizes are bytes in the module's memory. The C sources say what each function does. */
export interface PackExports {
  memory: { buffer: ArrayBuffer };
  _initialize(): void;
  alloc(bytes: number): number;
  release(): void;
  message(): number;
  failure(): number;
  header(): number;
  output(): number;
  output_size(): number;
  input(bytes: number): number;
  input_grow(bytes: number): number;
  input_end(bytes: number): void;
  input_close(): void;
  plane_filters(
    index: number,
    tapsX: number,
    startX: number,
    weightX: number,
    tapsY: number,
    startY: number,
    weightY: number,
    bias: number,
  ): void;
  plane_open(
    index: number,
    channels: number,
    premultiply: number,
    box: number,
    left: number,
    top: number,
    width: number,
    height: number,
    outWidth: number,
    outHeight: number,
  ): void;
  plane_rows(index: number, at: number, count: number, stride: number): void;
  planes_done(): number;
  planes_close(): void;
  canvas_open(width: number, height: number, channels: number, count: number): void;
  canvas_plane(index: number, width: number, height: number, channels: number): number;
  canvas_close(): void;
  canvas_data(index: number): number;
  canvas_stride(index: number): number;
  canvas_fill(index: number, width: number, height: number, value: number): void;
  canvas_turn(swaps: number, flipsX: number, flipsY: number): void;
  canvas_interleave(meaning: number, inverted: number): void;
  canvas_flatten(colour: number): void;
  canvas_opaque(): number;
  jpeg_open(windowBytes: number): void;
  jpeg_room(): number;
  jpeg_room_size(): number;
  jpeg_widen(windowBytes: number): void;
  jpeg_feed(bytes: number, isLast: number): void;
  jpeg_header(): number;
  jpeg_start(scale: number, s0: number, s1: number, s2: number, s3: number): void;
  jpeg_start_rgb(scale: number): void;
  jpeg_pump(): number;
  jpeg_close(): void;
  jpeg_encode(quality: number, progressive: number, optimise: number, subsampled: number): void;
  webp_header(): number;
  webp_decode(isPlanar: number): void;
  webp_encode(
    quality: number,
    method: number,
    lossless: number,
    alphaQuality: number,
    sharpYuv: number,
    lowMemory: number,
    isRgb: number,
  ): void;
  webp_frame(at: number, bytes: number, x: number, y: number, width: number, height: number): void;
  compose_open(width: number, height: number): number;
  compose_blend(isOver: number): void;
  anim_open(width: number, height: number, loops: number): void;
  anim_add(
    timestamp: number,
    quality: number,
    method: number,
    lossless: number,
    alphaQuality: number,
    sharpYuv: number,
  ): void;
  anim_close(timestamp: number): void;
  png_open(): void;
  png_feed(at: number, bytes: number): number;
  png_state(): number;
  png_finish(): void;
  png_close(): void;
  png_encode(level: number, filters: number, strategy: number, isOpaque: number): void;
  png_encode_palette(level: number, quality: number): void;
  gif_header(): number;
  gif_decode(): void;
  gif_frame(at: number): void;
  colour_convert(profile: number, bytes: number, space: number, intent: number): number;
  colour_cmyk(): void;
}

export class PackInstance {
  readonly exports: PackExports;

  constructor(module: WebAssembly.Module) {
    const ignore = () => 0;
    const exit = () => {
      throw new PackError("internal", "the module called exit");
    };
    const { exports } = new WebAssembly.Instance(module, {
      env: { emscripten_notify_memory_growth: ignore },
      // The libraries could print; nobody reads it here.
      wasi_snapshot_preview1: {
        proc_exit: exit,
        fd_close: ignore,
        fd_write: ignore,
        fd_read: ignore,
        fd_seek: ignore,
        environ_sizes_get: ignore,
        environ_get: ignore,
        clock_time_get: ignore,
      },
    });
    this.exports = exports as unknown as PackExports;
    this.exports._initialize();
  }

  /** Memory taken so far, which is the peak: it never shrinks. */
  get memoryBytes(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /** A view that the next growth of the memory detaches: use it at once. */
  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, at, length);
  }

  words(at: number, length: number): Int32Array {
    return new Int32Array(this.exports.memory.buffer, at, length);
  }

  /** Copies into memory that release() gives back. */
  put(array: Int32Array | Int16Array | Uint8Array): number {
    const at = this.exports.alloc(array.byteLength);
    this.bytes(at, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return at;
  }

  /** What a trap meant: fail() left its kind and its message behind. Anything else is a defect of ours. */
  explain(error: unknown): PackError {
    if (error instanceof PackError) return error;
    const kind: FailureKind = failureKinds[this.exports.failure()] ?? "internal";
    const text = this.bytes(this.exports.message(), 256);
    const end = text.indexOf(0);
    const message = String.fromCharCode(...text.subarray(0, end < 0 ? 256 : end));
    return new PackError(kind, message || String(error), { cause: error });
  }
}
