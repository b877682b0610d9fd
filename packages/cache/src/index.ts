export { createSingleFlight } from "./single-flight.ts";
