export type { RequestHints } from "./hints.ts";
export { type Option, type Stage, stages } from "./option.ts";
export { parseOptions } from "./parse-options.ts";
export { planFitting } from "./plan-fitting.ts";
export { type PlanContext, type PlannedOptions, planOptions } from "./plan-options.ts";
export { type ImageOptions, type OptionName, optionNames, options } from "./table.ts";
