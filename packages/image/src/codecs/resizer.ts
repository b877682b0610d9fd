import type { Resizer } from "./codec.ts";
import type { Instances } from "./instances.ts";
import { rustKind } from "./rust.ts";

interface ResizeExports {
  /** The last two: premultiply, and linear light. */
  resize(out: number, at: number, length: number, ...rest: (number | boolean)[]): void;
}

/** The index of lanczos3 in squoosh's list of filters. */
const lanczos3 = 3;

/**
 * Its own premultiplying and linear light are off: each turns the whole picture into floats, which doubles the time
 * and takes 16 bytes more a pixel.
 */
export function resizer(module: WebAssembly.Module, pool: Instances): Resizer {
  const kind = rustKind<ResizeExports>(module, () => ({}));
  return {
    resize({ data, width, height }, size) {
      const resized = pool.use(kind, (rust) => {
        const at = rust.pass(data);
        return rust.takeVector((out) =>
          rust.exports.resize(out, at, data.length, width, height, size.width, size.height, lanczos3, false, false),
        );
      });
      return { ...size, data: resized };
    },
  };
}
