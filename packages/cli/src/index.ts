export type { Secrets } from "./secrets.ts";
export { type DirectStack, type DirectStackOptions, startDirectStack } from "./stack/direct.ts";
export { type Stack, type StackOptions, startStack } from "./stack/stack.ts";
