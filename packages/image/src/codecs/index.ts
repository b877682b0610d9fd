export type { AvifCodec, Codecs } from "./codec.ts";
export { type CodecModules, createCodecs } from "./create.ts";
export { createInstances, type Instances } from "./instances.ts";
