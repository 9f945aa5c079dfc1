import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Template } from '@hyperroom/infra';
import { Callers } from './callers.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Delivery } from './delivery.ts';
import { type ApiDefinition, type FunctionDefinition, readDeployment, region } from './deployment.ts';
import { DynamoDb } from './dynamodb.ts';
import { Gateway } from './gateway.ts';
import { TemplateError } from './intrinsics.ts';
import { type Invoke, Lambda } from './lambda.ts';
import { awsLimits, type Limits, Throttle } from './limits.ts';
import { Meter, type Metrics } from './metrics.ts';
import { type InvocationOutcome, integrationTimeout } from './sandbox.ts';
import { Secrets } from './secrets.ts';
import { metricsPath, serve } from './services.ts';
import type { Credentials } from './signature.ts';

export interface AwsEmulatorOptions {
  readonly template: Template;
  /** Absolute folder of each function's code, by its S3 key in the template. */
  readonly assets: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly host?: string;
  /** The value of every secret of the template. Default: generated. */
  readonly secretValue?: string;
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  /** Default: natural. */
  readonly delivery?: Delivery;
  /** Sandboxes of each function that are there before the first event. Default: 1. */
  readonly warmSandboxes?: number;
  /** What the functions print, line by line. */
  readonly log?: (functionName: string, line: string) => void;
}

export interface AwsEmulator {
  /** `ws://127.0.0.1:<port>/<stage>` */
  readonly signallingUrl: string;
  /** `http://127.0.0.1:<port>/<stage>`, to which `/@connections/<id>` is added. */
  readonly managementUrl: string;
  readonly dynamoDbUrl: string;
  readonly metricsUrl: string;
  readonly region: string;
  /** For callers which are not a function, as the media agent. */
  readonly credentials: Credentials;
  readonly secretValue: string;
  /** The stack's outputs, with the emulator's URLs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Resources of the template which are not emulated, and why. */
  readonly ignored: readonly string[];
  metrics(): Promise<Metrics>;
  close(): Promise<void>;
}

/** Runs a synthesised signalling stack on this machine. */
export async function startAwsEmulator(options: AwsEmulatorOptions): Promise<AwsEmulator> {
  const { clock = systemClock, delivery = { mode: 'natural' } } = options;
  const limits: Limits = { ...awsLimits, ...options.limits };
  const deployment = readDeployment(options.template);
  const { api, tables } = deployment;
  const codeFolders = findCode(deployment.functions, options.assets);
  const server = createServer({ keepAliveTimeout: 0 });
  const host = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const meter = new Meter();
  const callers = new Callers();
  const dynamoDb = new DynamoDb(clock, limits.ttlSweepMs);
  const secrets = new Secrets(deployment.secrets, options.secretValue);
  const lambdas = createLambdas(codeFolders, { api, meter, callers, limits, host, log: options.log ?? (() => {}) });
  const invoke: Invoke = (definition, event, cause) =>
    withinTime(limits.integrationMs, findLambda(lambdas, definition).invoke(event, cause));
  const requests = new Throttle(clock, limits.requestsPerSecond, limits.requestBurst);
  const gateway = new Gateway({ api, limits, clock, delivery, meter, requests, invoke });
  const metrics = async (): Promise<Metrics> => ({
    ...meter.snapshot(),
    openConnections: gateway.connectionIds,
    items: await dynamoDb.countItems(),
  });
  const close = async (): Promise<void> => {
    const serverClosed = new Promise((resolve) => server.close(resolve));
    gateway.terminate();
    server.closeAllConnections();
    await Promise.all([serverClosed, ...lambdas.map((lambda) => lambda.close())]);
    await dynamoDb.close();
  };

  const services = { api, tables, gateway, limits, requests, meter, callers, dynamoDb, secrets, metrics };
  server.on('request', (request, response) => {
    serve(services, request, response).catch(() => request.destroy());
  });
  server.on('upgrade', (request, socket, head) => void gateway.upgrade(request, socket as Socket, head));
  const warmSandboxes = Array.from({ length: options.warmSandboxes ?? 1 }, () => lambdas).flat();
  try {
    await Promise.all([
      ...tables.map((table) => dynamoDb.createTable(table)),
      ...warmSandboxes.map((lambda) => lambda.warm()),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    signallingUrl: `ws://${host}/${api.stage}`,
    managementUrl: `http://${host}/${api.stage}`,
    dynamoDbUrl: `http://${host}`,
    metricsUrl: `http://${host}${metricsPath}`,
    region,
    credentials: callers.credentials,
    secretValue: secrets.value,
    outputs: localise(deployment.outputs, api, host),
    ignored: deployment.ignored,
    metrics,
    close,
  };
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return `${host}:${address.port}`;
}

function findCode(
  functions: readonly FunctionDefinition[],
  assets: Readonly<Record<string, string>>,
): ReadonlyMap<FunctionDefinition, string> {
  return new Map(
    functions.map((definition) => {
      const folder = assets[definition.codeKey];
      if (folder === undefined) throw new TemplateError(`no asset ${definition.codeKey} for ${definition.name}`);
      return [definition, folder];
    }),
  );
}

interface LambdaSurroundings {
  readonly api: ApiDefinition;
  readonly meter: Meter;
  readonly callers: Callers;
  readonly limits: Limits;
  readonly host: string;
  readonly log: (functionName: string, line: string) => void;
}

function createLambdas(
  codeFolders: ReadonlyMap<FunctionDefinition, string>,
  { api, meter, callers, limits, host, log }: LambdaSurroundings,
): readonly Lambda[] {
  return [...codeFolders].map(
    ([definition, codeFolder]) =>
      new Lambda({
        definition,
        codeFolder,
        endpoint: `http://${host}`,
        environment: localise(definition.environment, api, host),
        log,
        meter,
        callers,
        maxSandboxes: limits.sandboxesPerFunction,
      }),
  );
}

function findLambda(lambdas: readonly Lambda[], definition: FunctionDefinition): Lambda {
  const found = lambdas.find((lambda) => lambda.definition === definition);
  if (found === undefined) throw new TemplateError(`no function ${definition.name}`);
  return found;
}

// The function goes on running, as on AWS: only the gateway stops waiting for it.
async function withinTime(limitMs: number, outcome: Promise<InvocationOutcome>): Promise<InvocationOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<InvocationOutcome>((resolve) => {
    timer = setTimeout(() => resolve(integrationTimeout), limitMs);
  });
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}

/** Replaces the URLs that the API would have on AWS by the emulator's. */
function localise(
  values: Readonly<Record<string, string>>,
  api: ApiDefinition,
  host: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value.replaceAll(`wss://${api.host}`, `ws://${host}`).replaceAll(`https://${api.host}`, `http://${host}`),
    ]),
  );
}
