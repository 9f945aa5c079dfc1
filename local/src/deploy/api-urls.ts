/** Where the stack's outputs say that its WebSocket API is. Emulators give it AWS's name, under which it cannot be reached. */
export interface ApiIdentity {
  readonly apiId: string;
  readonly stage: string;
}

/** Of `wss://<api id>.execute-api.<region>.amazonaws.com/<stage>`. */
export function apiIdentityOf(signallingUrl: string): ApiIdentity {
  const { hostname, pathname } = new URL(signallingUrl);
  const [apiId = ''] = hostname.split('.');
  return { apiId, stage: pathname.replaceAll('/', '') };
}

/**
 * Where an emulated WebSocket API may listen, likeliest first: at what `GetApis` calls its endpoint, at the path that LocalStack and
 * MiniStack have for who cannot resolve that, at Floci's.
 */
export function signallingUrls(apiEndpoint: string, { apiId, stage }: ApiIdentity, endpoint: string): string[] {
  const said = apiEndpoint.replace(/^http/, 'ws').replace(/\/$/, '');
  const here = endpoint.replace(/^http/, 'ws');
  const withStage = said.endsWith(`/${stage}`) ? said : `${said}/${stage}`;
  return [withStage, `${here}/_aws/execute-api/${apiId}/${stage}`, `${here}/ws/${apiId}/${stage}`];
}

/** Where the `@connections` of an emulated API may be, likeliest first; the last is that of older LocalStacks. */
export function managementUrls({ apiId, stage }: ApiIdentity, endpoint: string): [string, ...string[]] {
  return [`${endpoint}/_aws/execute-api/${apiId}/${stage}`, `${endpoint}/execute-api/${apiId}/${stage}`, endpoint];
}
