import { randomUUID } from 'node:crypto';
import type { Factory } from '../objects/factory.ts';
import type { Caller } from '../objects/media-object.ts';
import type { MediaSet } from '../objects/media-set.ts';
import { operationNotFound, paramsRequired } from './errors.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { optionalField, Parameters, requiredField } from './params.ts';

type Method = (params: JsonObject) => JsonObject | null;

/** What Kurento's JSON-RPC methods do, but for `transaction`, which runs the others. */
export class ServerMethods {
  private readonly set: MediaSet;
  private readonly factory: Factory;
  private readonly serverId = randomUUID();
  private readonly methods: ReadonlyMap<string, Method>;

  constructor(set: MediaSet, factory: Factory) {
    this.set = set;
    this.factory = factory;
    this.methods = new Map<string, Method>([
      ['describe', (params) => this.describe(params)],
      ['create', (params) => this.create(params)],
      ['invoke', (params) => this.invoke(params)],
      ['subscribe', (params) => this.subscribe(params)],
      ['unsubscribe', (params) => this.unsubscribe(params)],
      ['release', (params) => this.release(params)],
      ['ref', (params) => this.ref(params)],
      ['unref', (params) => this.unref(params)],
      ['keepAlive', (params) => this.keepAlive(params)],
      ['closeSession', (params) => this.closeSession(params)],
    ]);
  }

  /** Undefined for a method that does not exist. */
  method(name: string): ((params: JsonObject | undefined) => JsonObject | null) | undefined {
    if (name === 'ping') return (params) => this.ping(params);
    if (name === 'connect') return (params) => this.connect(params);
    const method = this.methods.get(name);
    return method && ((params) => method(required(params)));
  }

  private ping(params: JsonObject | undefined): JsonObject {
    const sessionId = params && optionalField(params, 'sessionId');
    return sessionId === undefined ? { value: 'pong' } : { sessionId, value: 'pong' };
  }

  /** Takes a session over. A session is known only while it holds something. */
  private connect(params: JsonObject | undefined): JsonObject {
    const sessionId = params && optionalField(params, 'sessionId');
    if (sessionId !== undefined) this.set.keepAlive(sessionId);
    return { serverId: this.serverId, sessionId: sessionId ?? randomUUID() };
  }

  private describe(params: JsonObject): JsonObject {
    const sessionId = sessionOf(params);
    const { type } = this.set.use(sessionId, requiredField(params, 'object'));
    return { hierarchy: type.hierarchy, qualifiedType: `kurento.${type.name}`, sessionId, type: type.name };
  }

  private create(params: JsonObject): JsonObject {
    const type = requiredField(params, 'type');
    const sessionId = sessionOf(params);
    const object = this.factory.create(type, new Parameters(params.constructorParams));
    this.set.add(object, sessionId);
    return { sessionId, value: object.id };
  }

  private invoke(params: JsonObject): JsonObject {
    const name = requiredField(params, 'operation');
    const objectId = requiredField(params, 'object');
    const sessionId = sessionOf(params);
    const given = new Parameters(params.operationParams);
    const operation = this.set.use(sessionId, objectId).operation(name);
    const { names } = given;
    if (!operation || names.length > operation.parameters.length) throw operationNotFound(name, names.length);
    const value: Json = operation.run(given, this.caller(sessionId));
    return { sessionId, value };
  }

  private caller(sessionId: string): Caller {
    return {
      sessionId,
      refer: (object) => {
        this.set.hold(sessionId, object);
        return object.id;
      },
    };
  }

  private subscribe(params: JsonObject): JsonObject {
    const type = requiredField(params, 'type');
    const objectId = requiredField(params, 'object');
    const sessionId = sessionOf(params);
    return { sessionId, value: this.set.subscribe(sessionId, objectId, type) };
  }

  private unsubscribe(params: JsonObject): JsonObject {
    const objectId = requiredField(params, 'object');
    const subscription = requiredField(params, 'subscription');
    const sessionId = requiredField(params, 'sessionId');
    this.set.unsubscribe(sessionId, objectId, subscription);
    return { sessionId };
  }

  private release(params: JsonObject): JsonObject {
    const objectId = requiredField(params, 'object');
    const sessionId = sessionOf(params);
    this.set.release(objectId);
    return { sessionId };
  }

  private ref(params: JsonObject): JsonObject {
    const objectId = requiredField(params, 'object');
    const sessionId = requiredField(params, 'sessionId');
    this.set.use(sessionId, objectId);
    return { sessionId };
  }

  private unref(params: JsonObject): JsonObject {
    const objectId = requiredField(params, 'object');
    const sessionId = requiredField(params, 'sessionId');
    this.set.unref(sessionId, objectId);
    return { sessionId };
  }

  private keepAlive(params: JsonObject): JsonObject {
    const sessionId = requiredField(params, 'sessionId');
    this.set.keepAlive(sessionId);
    return { sessionId };
  }

  private closeSession(params: JsonObject): null {
    this.set.endSession(requiredField(params, 'sessionId'), params.release === true);
    return null;
  }
}

function required(params: JsonObject | undefined): JsonObject {
  if (!isJsonObject(params)) throw paramsRequired();
  return params;
}

function sessionOf(params: JsonObject): string {
  return optionalField(params, 'sessionId') ?? randomUUID();
}
