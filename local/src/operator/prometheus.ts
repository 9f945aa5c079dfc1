import type { Metrics, Series } from '../aws/index.ts';
import { percentile } from '../aws/metrics-alarms.ts';
import { priceOf } from './price.ts';
import { seriesOf } from './reading.ts';

type Type = 'counter' | 'gauge' | 'summary';
type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly name: string;
  readonly type: Type;
  readonly help: string;
  readonly samples: readonly (readonly [suffix: string, labels: Labels, value: number])[];
}

const COUNTERS = {
  Joins: ['joins_total', 'Participants that were let in.'],
  WaitingJoins: ['waiting_joins_total', 'Joins for which another media node is wanted.'],
  PostFailures: ['post_failures_total', 'Frames that did not reach their client, though it was there.'],
  PostsGone: ['posts_gone_total', 'Frames for clients that were gone.'],
  AgentReconnects: ['agent_reconnects_total', 'Sockets of media nodes that had to be opened again.'],
  Transcodings: ['transcodings_total', 'Endpoints for which Kurento began to transcode.'],
  RateLimited: ['rate_limited_total', 'Messages of connections that sent too many.'],
  Errors: ['errors_total', 'Lines of level error in the logs of the functions.'],
} as const;

const GAUGES = {
  Rooms: ['rooms', 'Rooms at media nodes.'],
  Participants: ['participants', 'Participants in them.'],
  Endpoints: ['endpoints', 'WebRTC endpoints at media nodes.'],
  Nodes: ['nodes', 'Media nodes that take rooms.'],
  NodeLoad: ['node_load_percent', 'Of the endpoints that nodes could carry, how many they do.'],
} as const;

/**
 * What there is to measure, as Prometheus reads it.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusText(metrics: Metrics): string {
  return [...domainFamilies(metrics), ...stackFamilies(metrics)].map(textOf).join('');
}

function domainFamilies(metrics: Metrics): Family[] {
  const samples = (name: string, value: (series: Series) => number, dimension?: string) =>
    seriesOf(metrics, name, dimension).map((series) => ['', labelsOf(series), value(series)] as const);
  const counted = (name: string, dimension?: string) => samples(name, ({ sum }) => sum, dimension);
  return [
    ...Object.entries(COUNTERS).map(([metric, [name, help]]) => family(name, 'counter', help, counted(metric))),
    family('join_refusals_total', 'counter', 'Joins that were refused.', counted('JoinRefusals', 'Code')),
    ...Object.entries(GAUGES).map(([metric, [name, help]]) =>
      family(
        name,
        'gauge',
        help,
        samples(metric, ({ last }) => last),
      ),
    ),
    family(
      'join_time_milliseconds',
      'summary',
      "From the gateway's receipt of a join until it has the answer; quantiles are of the last minute.",
      seriesOf(metrics, 'JoinTime').flatMap(summaryOf),
    ),
  ];
}

function summaryOf(series: Series): Family['samples'] {
  const labels = labelsOf(series);
  return [
    ...[50, 99].map(
      (percent) =>
        ['', { ...labels, quantile: String(percent / 100) }, percentile(series.recent, percent) ?? Number.NaN] as const,
    ),
    ['_sum', labels, series.sum],
    ['_count', labels, series.count],
  ];
}

function stackFamilies({ total, openConnections, alarms }: Metrics): Family[] {
  const of = (label: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([name, value]) => ['', { [label]: name }, value] as const);
  const states = alarms.map(({ name, state }) => ['', { name }, state === 'ALARM' ? 1 : 0] as const);
  return [
    family('connections', 'gauge', 'Open sockets.', [['', {}, openConnections.length]]),
    family('invocations_total', 'counter', 'Invocations by function.', of('function', total.invocations)),
    family('cold_starts_total', 'counter', 'Of them those that waited for a sandbox.', [['', {}, total.coldStarts]]),
    family(
      'messages_total',
      'counter',
      'Messages from clients and to them.',
      of('direction', { up: total.messagesUp, down: total.messagesDown }),
    ),
    family(
      'table_items_total',
      'counter',
      'Items of the table by access.',
      of('access', { read: total.reads, written: total.writes }),
    ),
    family('price_dollars_total', 'counter', 'What AWS would have charged, without compute time.', [
      ['', {}, priceOf(total)],
    ]),
    family('alarm', 'gauge', 'Whether an alarm is raised.', states),
  ];
}

function family(name: string, type: Type, help: string, samples: Family['samples']): Family {
  return { name: `hyperroom_${name}`, type, help, samples };
}

function labelsOf({ dimensions }: Series): Labels {
  return Object.fromEntries(Object.entries(dimensions).map(([key, value]) => [key.toLowerCase(), value]));
}

function textOf({ name, type, help, samples }: Family): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([suffix, labels, value]) => `${name}${suffix}${labelText(labels)} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
