import type { Json } from '../rpc/json.ts';
import type { Parameters } from '../rpc/params.ts';
import { act, type Operation, read } from './media-object.ts';

/** Properties that can be read and written and, but for the bandwidth limits, mean nothing on a loopback interface. */
const DEFAULTS = {
  maxVideoSendBandwidth: 500,
  minVideoSendBandwidth: 100,
  maxVideoRecvBandwidth: 0,
  minVideoRecvBandwidth: 0,
  maxAudioRecvBandwidth: 0,
  minOutputBitrate: 0,
  maxOutputBitrate: 0,
  encoderBitrate: 0,
  mtu: 1200,
  stunServerAddress: '',
  stunServerPort: 0,
  turnUrl: '',
  externalIPv4: '',
  externalIPv6: '',
  networkInterfaces: 'lo',
  iceTcp: false,
};

type PropertyName = keyof typeof DEFAULTS;

const REMB_PARAMS: Json = {
  __module__: 'kurento',
  __type__: 'RembParams',
  decrementFactor: 0.5,
  exponentialFactor: 0.03999999910593033,
  linealFactorGrade: 30,
  linealFactorMin: 50,
  packetsRecvIntervalTop: 100,
  rembOnConnect: 300_000,
  thresholdFactor: 0.800000011920929,
  upLosses: 12,
};

export class EndpointProperties {
  private readonly values: Record<PropertyName, Json> = { ...DEFAULTS };
  private rembParams = REMB_PARAMS;

  /** In kbit/s; 0 is no limit. */
  get maxVideoSendBandwidth(): number {
    return Number(this.values.maxVideoSendBandwidth);
  }

  get maxVideoRecvBandwidth(): number {
    return Number(this.values.maxVideoRecvBandwidth);
  }

  operations(): [string, Operation][] {
    const names = Object.keys(DEFAULTS).filter(isPropertyName);
    return [
      ...names.flatMap((name) => this.accessors(name)),
      ['getRembParams', read(() => this.rembParams)],
      [
        'setRembParams',
        act(['rembParams'], (given) => {
          this.rembParams = given.object('rembParams');
        }),
      ],
    ];
  }

  private accessors(name: PropertyName): [string, Operation][] {
    const suffix = name.charAt(0).toUpperCase() + name.slice(1);
    return [
      [`get${suffix}`, read(() => this.values[name])],
      [
        `set${suffix}`,
        act([name], (given) => {
          this.values[name] = valueLike(DEFAULTS[name], given, name);
        }),
      ],
    ];
  }
}

function isPropertyName(name: string): name is PropertyName {
  return name in DEFAULTS;
}

function valueLike(sample: string | number | boolean, given: Parameters, name: string): Json {
  if (typeof sample === 'number') return given.integer(name);
  return typeof sample === 'boolean' ? given.boolean(name) : given.string(name);
}
