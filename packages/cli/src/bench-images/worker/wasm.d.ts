/** The bundler gives a compiled module; the one that brings declarations describes its exports instead. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export = module;
}
declare module "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm" {
  const module: WebAssembly.Module;
  export = module;
}
