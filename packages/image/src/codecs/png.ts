import type { Raster } from "@vitrine/contracts";
import { reduce } from "../steps/reduce.ts";
import type { BorrowedPixels } from "./borrowed-pixels.ts";
import type { Codec } from "./codec.ts";
import type { Instances } from "./instances.ts";
import { type RustApi, rustKind } from "./rust.ts";

interface PngExports {
  decode(at: number, length: number): number;
  encode(returnPointer: number, at: number, length: number, width: number, height: number, bitDepth: number): void;
}

/** The hash that wasm-bindgen put into the name of the import that takes the decoded pixels. */
const takesPixels = "__wbg_newwithownedu8clampedarrayandsh_91db5987993a08fb";

export function pngCodec(module: WebAssembly.Module, pool: Instances): Codec {
  let receive: ((pixels: BorrowedPixels) => void) | undefined;
  const kind = rustKind<PngExports>(module, (api) => importsOf(api, (pixels) => receive?.(pixels)));
  return {
    format: "png",
    decode(bytes, { reduction }) {
      return pool.use(kind, (rust) => {
        let raster: Raster | undefined;
        receive = (pixels) => {
          raster = reduce(pixels, reduction);
        };
        rust.exports.decode(rust.pass(bytes), bytes.length);
        if (!raster) throw new Error("the decoder answered no pixels");
        return raster;
      });
    },
    encode({ data, width, height }) {
      return pool.use(kind, (rust) => {
        const at = rust.pass(data);
        return rust.takeVector((out) => rust.exports.encode(out, at, data.length, width, height, 8));
      });
    },
  };
}

/** Hands the pixels over where they lie in WASM memory, and then frees them as the generated glue would. */
function importsOf(api: () => RustApi<PngExports>, receive: (pixels: BorrowedPixels) => void) {
  return {
    [takesPixels](at: number, length: number, width: number, height: number) {
      const start = at >>> 0;
      receive({
        data: api()
          .memory()
          .subarray(start, start + length),
        width: width >>> 0,
        height: height >>> 0,
      });
      api().exports.__wbindgen_free(at, length, 1);
      return 0;
    },
    __wbindgen_throw(at: number, length: number) {
      throw new Error(
        String.fromCharCode(
          ...api()
            .memory()
            .subarray(at >>> 0, (at >>> 0) + Math.min(length, 500)),
        ),
      );
    },
    // Only for 16-bit output, which is never asked for.
    __wbindgen_memory: () => 0,
    __wbg_buffer_a448f833075b71ba: () => 0,
    __wbg_newwithbyteoffsetandlength_099217381c451830: () => 0,
    __wbindgen_object_drop_ref: () => undefined,
  };
}
