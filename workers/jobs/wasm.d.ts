/** The bundler gives a compiled module. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export = module;
}
