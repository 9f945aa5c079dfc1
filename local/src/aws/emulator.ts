import type { Socket } from 'node:net';
import type { Template } from '@hyperroom/infra';
import { AsyncInvocations } from './async-invocations.ts';
import { Callers } from './callers.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Delivery } from './delivery.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import type { Item } from './dynalite.ts';
import { DynamoDb } from './dynamodb.ts';
import { EventBridge } from './event-bridge.ts';
import type { FunctionDefinition } from './function-definitions.ts';
import { Gateway } from './gateway.ts';
import { serveHttpApi } from './http-api.ts';
import { region } from './identities.ts';
import { findCode, Lambdas } from './lambdas.ts';
import { awsLimits, type Limits, StageThrottle, Throttle } from './limits.ts';
import { Listener } from './listener.ts';
import { type InvocationRecord, Meter, type Metrics } from './metrics.ts';
import { CloudWatch } from './metrics-cloudwatch.ts';
import { Secrets } from './secrets.ts';
import { metricsPath, serve } from './services.ts';
import type { Credentials } from './signature.ts';
import type { Witness } from './witness.ts';

export interface AwsEmulatorOptions {
  readonly template: Template;
  /** Absolute folder of each function's code, by its S3 key in the template. */
  readonly assets: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly host?: string;
  /** The value of the token secret. Default: generated, as those of all other secrets are. */
  readonly secretValue?: string;
  /** Stands in place of what the template says, in the environment of each function that has the variable. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  /** Passes the authorizer over, as other emulators do. Default: false. */
  readonly skipsAuthorizer?: boolean;
  readonly clock?: Clock;
  /** Default: natural. */
  readonly delivery?: Delivery;
  /** Sandboxes of each function that are there before the first event. Default: 1. */
  readonly warmSandboxes?: number;
  /** Told of what passes. Default: nobody is. */
  readonly witness?: Witness;
  /** What the functions print, line by line. */
  readonly log?: (functionName: string, line: string) => void;
}

/** What goes wrong with connections, on demand. */
export interface ConnectionFaults {
  /** Ids of those that are open. */
  connections(): readonly string[];
  /** Ends one without a closing handshake; `silently`: and no `$disconnect` tells of it. */
  dropConnection(connectionId: string, options?: { readonly silently?: boolean }): void;
  /** Lets nothing through any more, either way, while both ends go on believing that it is open. */
  stallConnection(connectionId: string): void;
  /** How messages reach the functions at present. */
  readonly delivery: Delivery;
  /** From the next message on they reach them like this; without a delivery, as at the beginning. */
  deliver(delivery?: Delivery): void;
}

export interface AwsEmulator {
  /** `ws://127.0.0.1:<port>/<stage>` */
  readonly signallingUrl: string;
  /** `http://127.0.0.1:<port>/<stage>`, to which `/@connections/<id>` is added. */
  readonly managementUrl: string;
  /** `http://127.0.0.1:<another port>` */
  readonly httpApiUrl: string;
  readonly dynamoDbUrl: string;
  readonly metricsUrl: string;
  readonly region: string;
  /** For callers which are not a function, as the media agent. */
  readonly credentials: Credentials;
  /** Of the tokens. */
  readonly secretValue: string;
  /** The values of all secrets by name: `tokenSecret`, `webhookSecret`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The stack's outputs, with the emulator's URLs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Resources of the template which are not emulated, and why. */
  readonly ignored: readonly string[];
  readonly faults: ConnectionFaults;
  metrics(): Promise<Metrics>;
  /** Everything in the tables, as DynamoDB writes attributes. Looking costs and counts nothing. */
  items(): Promise<Item[]>;
  close(): Promise<void>;
}

/** Runs a synthesised signalling stack on this machine. */
export async function startAwsEmulator(options: AwsEmulatorOptions): Promise<AwsEmulator> {
  const deployment = readDeployment(options.template);
  const { api, httpApi } = deployment;
  const codeFolders = findCode(deployment.functions, options.assets);
  const { host = '127.0.0.1', port = 0 } = options;
  const listener = await Listener.open(port, host);
  const httpListener = await Listener.open(0, host);
  const hosts = { [api.host]: listener.host, [httpApi.host]: httpListener.host };
  const endpoint = `http://${listener.host}`;
  const parts = assemble(options, { deployment, codeFolders, hosts, endpoint });
  const { gateway, services, httpGateway, lambdas } = parts;
  const close = async (): Promise<void> => {
    parts.asyncInvocations.close();
    gateway.terminate();
    await Promise.all([listener.close(), httpListener.close(), lambdas.close()]);
    await services.dynamoDb.close();
  };
  listener.serve((request, response) => serve(services, request, response));
  listener.server.on('upgrade', (request, socket, head) => void gateway.upgrade(request, socket as Socket, head));
  httpListener.serve((request, response) => serveHttpApi(httpGateway, request, response));
  try {
    await Promise.all([
      ...deployment.tables.map((table) => services.dynamoDb.createTable(table)),
      lambdas.warm(options.warmSandboxes ?? 1),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    signallingUrl: `ws://${listener.host}/${api.stage}`,
    managementUrl: `${endpoint}/${api.stage}`,
    httpApiUrl: `http://${httpListener.host}`,
    dynamoDbUrl: endpoint,
    metricsUrl: `${endpoint}${metricsPath}`,
    region,
    credentials: services.callers.credentials,
    secretValue: services.secrets.tokenSecret,
    secrets: services.secrets.values,
    outputs: localise(deployment.outputs, hosts),
    ignored: deployment.ignored,
    faults: {
      connections: () => gateway.connectionIds,
      dropConnection: (connectionId, options) => gateway.drop(connectionId, options),
      stallConnection: (connectionId) => gateway.stall(connectionId),
      get delivery() {
        return gateway.delivery;
      },
      deliver: (delivery) => gateway.deliver(delivery),
    },
    metrics: services.metrics,
    items: () => services.dynamoDb.items(),
    close,
  };
}

interface Surroundings {
  readonly deployment: Deployment;
  readonly codeFolders: ReadonlyMap<FunctionDefinition, string>;
  /** Where the APIs listen, by where they would on AWS. */
  readonly hosts: Values;
  readonly endpoint: string;
}

/** Puts together what answers the requests. */
function assemble(options: AwsEmulatorOptions, { deployment, codeFolders, hosts, endpoint }: Surroundings) {
  const { clock = systemClock, delivery = { mode: 'natural' }, skipsAuthorizer = false, witness = () => {} } = options;
  const { api, httpApi, tables, eventBuses } = deployment;
  const limits: Limits = { ...awsLimits, ...options.limits };
  const cloudWatch = new CloudWatch(deployment.alarms, clock);
  const meter = new Meter(({ function: name, error }: InvocationRecord) => {
    const definition = deployment.functions.find((each) => each.name === name);
    cloudWatch.invoked(definition?.physicalName ?? name, error !== undefined);
  });
  const log = (name: string, line: string) => {
    cloudWatch.takeLine(line);
    options.log?.(name, line);
  };
  const callers = new Callers();
  const requests = new Throttle(clock, limits.requestsPerSecond, limits.requestBurst);
  const dynamoDb = new DynamoDb(clock, limits.ttlSweepMs);
  const secrets = new Secrets(deployment.secrets, options.secretValue);
  const environmentOf = ({ environment }: FunctionDefinition) => ({
    ...localise(environment, hosts),
    ...pick(options.environment, environment),
  });
  const maxSandboxes = limits.sandboxesPerFunction;
  const lambdas = new Lambdas({ codeFolders, endpoint, environmentOf, meter, callers, maxSandboxes, witness, log });
  const asyncInvocations = new AsyncInvocations({ invoke: lambdas.invoke, clock, retryMs: limits.asyncRetryMs, log });
  const eventBridge = new EventBridge({ buses: eventBuses, clock, asyncInvocations });
  const invoke = lambdas.invokeWithin(limits.integrationMs);
  const ofStage = new StageThrottle(requests, clock, api.throttling);
  const gateway = new Gateway({
    api,
    limits,
    skipsAuthorizer,
    clock,
    delivery,
    meter,
    witness,
    requests: ofStage,
    invoke,
  });
  const invokeForHttp = lambdas.invokeWithin(limits.httpIntegrationMs);
  const ofHttpStage = new StageThrottle(requests, clock, httpApi.throttling);
  const httpGateway = { api: httpApi, limits, clock, requests: ofHttpStage, invoke: invokeForHttp };
  const metrics = async (): Promise<Metrics> => ({
    ...meter.snapshot(),
    openConnections: gateway.connectionIds,
    items: (await dynamoDb.items()).length,
    series: cloudWatch.series,
    alarms: cloudWatch.alarms,
  });
  const counted = { requests, meter, metrics };
  const services = { api, tables, gateway, limits, witness, callers, dynamoDb, secrets, eventBridge, ...counted };
  return { gateway, httpGateway, services, lambdas, asyncInvocations };
}

type Values = Readonly<Record<string, string>>;

/** Replaces the URLs that the APIs would have on AWS by the emulator's. */
function localise(values: Values, hosts: Values): Values {
  const local = (value: string) =>
    Object.entries(hosts).reduce(
      (text, [host, localHost]) =>
        text.replaceAll(`wss://${host}`, `ws://${localHost}`).replaceAll(`https://${host}`, `http://${localHost}`),
      value,
    );
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, local(value)]));
}

/** Those of the values whose names are wanted. */
function pick(values: Values = {}, wanted: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in wanted));
}
