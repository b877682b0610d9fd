export { createMemoryTier } from "./memory-tier.ts";
export { createReadThrough, type Reading, type ReadOptions, type ReadThrough, type Windows } from "./read-through.ts";
export { createSingleFlight } from "./single-flight.ts";
export type { Entry, Tier } from "./tier.ts";
