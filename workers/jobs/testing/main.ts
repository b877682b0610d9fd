/** The jobs Worker as the tests run it: the real one, beside a stand-in of the index that it is bound to. */
export { default, TrainModel } from "../index.ts";
export { IndexStandIn } from "./index-stand-in.ts";
