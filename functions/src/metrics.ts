/* What whoever operates a deployment counts. Names and units are what dashboard, alarms and scaling refer to. */

export const NAMESPACE = 'Hyperroom';

/** Every metric, in CloudWatch's units. */
export const METRICS = {
  /** Participants that were let in, and handed to a media node. */
  Joins: 'Count',
  /** Joins that were refused, by whomever; also by code. Who only has to wait until a node has started is none of them. */
  JoinRefusals: 'Count',
  /** From the gateway's receipt of a join until it has taken the media node's answer for the client. */
  JoinTime: 'Milliseconds',
  /** Joins, and rooms of back ends, for which there was no media node that stays and has place: another one is wanted. */
  WaitingJoins: 'Count',
  /** In the whole domain, as are the gauges that follow. */
  Rooms: 'Count',
  Participants: 'Count',
  Endpoints: 'Count',
  /** Of the endpoints that the nodes which take rooms could carry, how many they do. */
  NodeLoad: 'Percent',
  /** Media nodes that take rooms. */
  Nodes: 'Count',
  /** Frames that did not reach their client, though it was there. */
  PostFailures: 'Count',
  /** Frames for clients that were gone (410). */
  PostsGone: 'Count',
  /** Sockets of media nodes that had to be opened again. */
  AgentReconnects: 'Count',
  /** Endpoints for which Kurento began to transcode. */
  Transcodings: 'Count',
  /** Messages of connections that sent too many. */
  RateLimited: 'Count',
  /** Lines of level `error` in the logs of the functions. */
  Errors: 'Count',
} as const;

export type Metric = keyof typeof METRICS;

/** Looked at more often than every minute: a media node is started when somebody waits. */
const HIGH_RESOLUTION: ReadonlySet<Metric> = new Set(['WaitingJoins']);

/** A sample, or several of the same time. */
export type Samples = Partial<Record<Metric, number | readonly number[]>>;

export interface Metrics {
  /** With a code they are counted by it as well as without. */
  record(samples: Samples, code?: string): void;
}

/** CloudWatch takes no more of one metric in one line. */
const MAX_SAMPLES = 100;

/** Prints metrics: what is logged is counted, with no request that anybody waits for. */
export function embeddedMetrics(domain: string, clock: () => number, print: (line: string) => void): Metrics {
  return {
    record(samples, code) {
      const given = Object.entries(samples).filter(([, value]) => typeof value === 'number' || value.length > 0);
      if (given.length > 0) print(JSON.stringify(embedded(domain, clock(), Object.fromEntries(given), code)));
    },
  };
}

/**
 * Metrics as part of a line of JSON, in CloudWatch's embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embedded(domain: string, now: number, samples: Samples, code?: string): object {
  const names = Object.keys(samples) as Metric[];
  const Metrics = names.map((Name) => ({
    Name,
    Unit: METRICS[Name],
    ...(HIGH_RESOLUTION.has(Name) && { StorageResolution: 1 }),
  }));
  const Dimensions = code === undefined ? [['Domain']] : [['Domain'], ['Domain', 'Code']];
  return {
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions, Metrics }] },
    Domain: domain,
    ...(code !== undefined && { Code: code }),
    ...Object.fromEntries(names.map((name) => [name, bounded(samples[name])])),
  };
}

function bounded(value: Samples[Metric]): Samples[Metric] {
  return typeof value === 'object' ? value.slice(0, MAX_SAMPLES) : value;
}
