export type { Secrets } from "./secrets.ts";
export { type Stack, type StackOptions, startStack } from "./stack/stack.ts";
