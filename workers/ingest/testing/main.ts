/** The ingest Worker as the tests run it: the real one, beside stand-ins of the Workers that it is bound to. */
export { default } from "../index.ts";
export { ImagesStandIn, IndexStandIn, RegionStoreStandIn } from "./stand-ins.ts";
