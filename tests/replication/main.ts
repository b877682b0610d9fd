/** Nothing but the object that the stores are: the test calls the consumer itself. */
export { RegionStore } from "../../workers/edge/adapters/region-store.ts";
