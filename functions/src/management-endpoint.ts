/** How an API is called on AWS: by a host of its own, which emulators do not have. */
const OWN_HOST = /^([^.]+)\.execute-api\./;

/**
 * Where `@connections` is: where the stack says, unless the environment says otherwise. Emulators of AWS tell each function with
 * `AWS_ENDPOINT_URL` where they are, and have every API at a path there.
 */
export function managementEndpoint(ofStack: string, environment: NodeJS.ProcessEnv): string {
  const { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: chosen, AWS_ENDPOINT_URL: emulator } = environment;
  if (chosen) return chosen;
  const { hostname, pathname } = new URL(ofStack);
  const apiId = OWN_HOST.exec(hostname)?.[1];
  if (!emulator || apiId === undefined) return ofStack;
  return `${emulator.replace(/\/$/, '')}/_aws/execute-api/${apiId}${pathname}`;
}
