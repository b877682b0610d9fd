/** The edge Worker as the tests run it: the real one, beside stand-ins of the Workers that it is bound to. */
export { default, RegionStore } from "../index.ts";
export { ImagesStandIn, IndexStandIn, JobsStandIn } from "./stand-ins.ts";
