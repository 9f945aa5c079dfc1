import { fileURLToPath } from 'node:url';

export const signallingStackName = 'HyperroomSignalling';
export const operationsStackName = 'HyperroomOperations';
export const mediaStackName = 'HyperroomMedia';
export const webStackName = 'HyperroomWeb';

export const repositoryRoot: string = fileURLToPath(new URL('../..', import.meta.url));
export const handlersFolder: string = fileURLToPath(new URL('../../functions/src/handlers', import.meta.url));
export const functionsFolder: string = fileURLToPath(new URL('../../dist/functions', import.meta.url));
export const agentEntry: string = fileURLToPath(new URL('../../media-agent/src/main.ts', import.meta.url));
export const hostFilesFolder: string = fileURLToPath(new URL('../../media-agent/host', import.meta.url));
export const hostFolder: string = fileURLToPath(new URL('../../dist/host', import.meta.url));
export const demoFolder: string = fileURLToPath(new URL('../../dist/demo', import.meta.url));
