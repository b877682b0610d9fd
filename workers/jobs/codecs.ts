/** The kernels of training. The only file that imports `.wasm`: the bundler compiles those ahead. */
import kernels from "@vitrine/training/kernels.wasm";

export { kernels };
