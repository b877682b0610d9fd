/** The bundler gives a compiled module; the two that bring declarations describe their exports instead. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export = module;
}
declare module "@jsquash/png/codec/pkg/squoosh_png_bg.wasm" {
  const module: WebAssembly.Module;
  export = module;
}
declare module "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm" {
  const module: WebAssembly.Module;
  export = module;
}
