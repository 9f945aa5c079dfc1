export { type Agent, type AgentOptions, startAgent } from './agent.ts';
export { type AgentConfig, ConfigError, HELP, readConfig } from './config.ts';
export type { Health } from './health.ts';
export type { Log } from './log.ts';
