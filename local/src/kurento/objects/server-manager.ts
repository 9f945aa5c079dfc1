import { cpus } from 'node:os';
import { moduleNotFound } from '../rpc/errors.ts';
import type { Json } from '../rpc/json.ts';
import { type Caller, MediaObject, type ObjectHost, type Operation, read } from './media-object.ts';

export interface ServerStatus {
  objects(): MediaObject[];
  sessions(): string[];
}

const SERVER_MANAGER = {
  name: 'ServerManager',
  hierarchy: ['kurento.MediaObject'],
  events: ['Error', 'ObjectCreated', 'ObjectDestroyed'],
};

const VERSION = '7.3.1';

export class ServerManager extends MediaObject {
  private readonly status: ServerStatus;
  private cpuUsage = process.cpuUsage();
  private cpuReadAt = performance.now();

  constructor(host: ObjectHost, status: ServerStatus) {
    super(host, SERVER_MANAGER, 'manager_ServerManager');
    this.status = status;
  }

  protected pipeline(): undefined {
    return undefined;
  }

  protected ownOperations(): [string, Operation][] {
    return [
      ['getInfo', read(() => SERVER_INFO)],
      ['getPipelines', read((caller) => this.pipelines(caller))],
      ['getSessions', read(() => this.status.sessions())],
      ['getMetadata', read(() => '')],
      ['getCpuCount', read(() => cpus().length)],
      ['getUsedMemory', read(() => Math.round(process.memoryUsage.rss() / 1024))],
      ['getUsedCpu', { parameters: ['interval'], run: () => this.usedCpu() }],
      ['getKmd', { parameters: ['moduleName'], run: noDescriptor }],
    ];
  }

  /** Kurento makes the caller's session hold every object there is, not only the pipelines that it names. */
  private pipelines(caller: Caller): string[] {
    const all = this.status.objects();
    for (const object of all) caller.refer(object);
    return all.filter(({ type }) => type.name === 'MediaPipeline').map(({ id }) => id);
  }

  /** Per cent of a core since the last time it was asked; Kurento blocks for the interval to measure it. */
  private usedCpu(): number {
    const { user, system } = process.cpuUsage(this.cpuUsage);
    const elapsed = performance.now() - this.cpuReadAt;
    this.cpuUsage = process.cpuUsage();
    this.cpuReadAt = performance.now();
    return elapsed > 0 ? Math.round((user + system) / (10 * elapsed)) : 0;
  }
}

/** Clients refuse a server that does not list these three modules. */
const SERVER_INFO: Json = {
  __module__: 'kurento',
  __type__: 'ServerInfo',
  capabilities: ['transactions'],
  modules: [
    moduleInfo('core', ['MediaPipeline']),
    moduleInfo('elements', ['WebRtcEndpoint']),
    moduleInfo('filters', []),
  ],
  type: 'KMS',
  version: VERSION,
};

function moduleInfo(name: string, factories: string[]): Json {
  const about = { __module__: 'kurento', __type__: 'ModuleInfo', generationTime: '', version: VERSION };
  return { ...about, name, factories };
}

/** Kurento's module descriptors are for code generators; the engine has none. */
function noDescriptor(): never {
  throw moduleNotFound();
}
