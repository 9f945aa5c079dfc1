export { type Stack, type StackOptions, startStack } from './stack.ts';
export { DEVELOPMENT_SECRET, signToken } from './token.ts';
