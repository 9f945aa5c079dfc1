import { tagNotFound } from '../rpc/errors.ts';
import type { Json, JsonObject } from '../rpc/json.ts';
import type { Parameters } from '../rpc/params.ts';

/** On whose behalf an operation runs. */
export interface Caller {
  readonly sessionId: string;
  /** The object's id as a result; naming an object to a session makes the session hold it. */
  refer(object: MediaObject): string;
}

export interface Operation {
  /** The names that it knows; a call with more of them than these is no call of it. */
  readonly parameters: readonly string[];
  run(parameters: Parameters, caller: Caller): Json;
}

export type Operations = ReadonlyMap<string, Operation>;

/** What objects need of the set that they live in. */
export interface ObjectHost {
  emit(source: MediaObject, type: string, data: JsonObject): void;
  childrenOf(object: MediaObject): MediaObject[];
  find(id: string): MediaObject;
  now(): number;
}

export interface MediaObjectType {
  readonly name: string;
  readonly hierarchy: readonly string[];
  readonly events: readonly string[];
}

export abstract class MediaObject {
  readonly id: string;
  readonly type: MediaObjectType;
  readonly parent: MediaObject | undefined;
  protected readonly host: ObjectHost;
  private readonly created: number;
  private readonly tags = new Map<string, string>();
  private name: string;
  private sendsTags = false;
  private operations: Operations | undefined;

  constructor(host: ObjectHost, type: MediaObjectType, id: string, parent?: MediaObject) {
    this.host = host;
    this.type = type;
    this.id = id;
    this.name = id;
    this.parent = parent;
    this.created = Math.floor(host.now() / 1000);
  }

  operation(name: string): Operation | undefined {
    this.operations ??= new Map([...this.commonOperations(), ...this.ownOperations()]);
    return this.operations.get(name);
  }

  /** The tags that go along with an event. */
  get eventTags(): Json[] {
    return this.sendsTags ? this.allTags() : [];
  }

  /** Frees what the object holds besides its place in the set. */
  close(): void {}

  protected abstract ownOperations(): Iterable<[string, Operation]>;

  protected abstract pipeline(): MediaObject | undefined;

  private commonOperations(): [string, Operation][] {
    return [
      ['getName', read(() => this.name)],
      [
        'setName',
        act(['name'], (given) => {
          this.name = given.string('name');
        }),
      ],
      ['getCreationTime', read(() => this.created)],
      ['getParent', read((caller) => (this.parent ? caller.refer(this.parent) : null))],
      ['getMediaPipeline', read((caller) => refer(caller, this.pipeline()))],
      ['getChildren', read((caller) => this.host.childrenOf(this).map((child) => caller.refer(child)))],
      ['getTags', read(() => this.allTags())],
      ['getTag', { parameters: ['key'], run: (given) => this.tag(given.string('key')) }],
      [
        'addTag',
        act(['key', 'value'], (given) => {
          this.tags.set(given.string('key'), given.string('value'));
        }),
      ],
      ['removeTag', act(['key'], (given) => this.removeTag(given.string('key')))],
      ['getSendTagsInEvents', read(() => this.sendsTags)],
      [
        'setSendTagsInEvents',
        act(['sendTagsInEvents'], (given) => {
          this.sendsTags = given.boolean('sendTagsInEvents');
        }),
      ],
    ];
  }

  private allTags(): Json[] {
    return [...this.tags].map(([key, value]) => ({ __module__: 'kurento', __type__: 'Tag', key, value }));
  }

  private tag(key: string): string {
    const value = this.tags.get(key);
    if (value === undefined) throw tagNotFound();
    return value;
  }

  private removeTag(key: string): void {
    if (!this.tags.delete(key)) throw tagNotFound();
  }
}

/** An operation that only answers. */
export function read(answer: (caller: Caller) => Json): Operation {
  return { parameters: [], run: (_, caller) => answer(caller) };
}

/** An operation without a result. */
export function act(parameters: readonly string[], run: (parameters: Parameters, caller: Caller) => void): Operation {
  return {
    parameters,
    run: (given, caller) => {
      run(given, caller);
      return null;
    },
  };
}

function refer(caller: Caller, object: MediaObject | undefined): Json {
  return object ? caller.refer(object) : null;
}
