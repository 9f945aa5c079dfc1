import { fileURLToPath } from 'node:url';

export const signallingStackName = 'HyperroomSignalling';
export const mediaStackName = 'HyperroomMedia';
export const webStackName = 'HyperroomWeb';

export const repositoryRoot: string = fileURLToPath(new URL('../..', import.meta.url));
export const handlersFolder: string = fileURLToPath(new URL('../../functions/src/handlers', import.meta.url));
export const functionsFolder: string = fileURLToPath(new URL('../../dist/functions', import.meta.url));
