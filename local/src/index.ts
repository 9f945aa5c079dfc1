export type { ConnectionFaults } from './aws/index.ts';
export { type DemoConfig, type DemoServer, serveDemo } from './demo-server.ts';
export type { MediaNode } from './media-node.ts';
export { type Stack, type StackOptions, startStack } from './stack.ts';
export { DEVELOPMENT_SECRET, signToken } from './token.ts';
