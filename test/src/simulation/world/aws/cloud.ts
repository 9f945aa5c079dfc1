import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LifecycleEvent, Message } from '@hyperroom/protocol';
import type { Io, Span } from '../io.ts';
import type { Process } from '../time/process.ts';
import { type Invocation, SimulatedGateway } from './gateway.ts';
import { SimulatedFunction } from './lambda.ts';
import {
  type AuthorizerContext,
  assemble,
  type Gateway,
  type Ports,
  type RoomState,
  resultOf,
  roomFrom,
  type Table,
} from './product.ts';
import { SimulatedTable, type TableCommand } from './table.ts';

export const DOMAIN = 'example.org';

const TABLE: Span = [2, 10];
const POST: Span = [5, 25];

/** Changes a command on its way to the table; a simulation of a defect. */
export type Rewrite = (command: TableCommand) => TableCommand;

/** An error as the AWS SDK throws it when its own retries have not helped. */
class Throttled extends Error {
  readonly $metadata = { httpStatusCode: 429 };
  readonly $retryable = { throttling: true };
  constructor(name: string) {
    super('Rate exceeded');
    this.name = name;
  }
}

/** The deployed stack: table, WebSocket API and functions. */
export class Cloud {
  readonly table: SimulatedTable;
  readonly gateway: SimulatedGateway;
  readonly events: LifecycleEvent[] = [];
  /** What rooms must never be, and have been. */
  readonly contradictions: string[] = [];
  /** Whether somebody has no intention to leave. */
  wantsToStay: (name: string) => boolean = () => false;
  rewrite: Rewrite = (command) => command;
  readonly #io: Io;
  /** Connections that have ended without a function having seen to it. */
  readonly #missed = new Set<string>();
  readonly #versions = new Map<string, { incarnation: string; version: number; members?: RoomState['members'] }>();
  readonly #functions: readonly SimulatedFunction<Invocation>[];

  constructor(io: Io, authorize: (token: string) => AuthorizerContext | undefined) {
    this.#io = io;
    this.table = new SimulatedTable({ later: this.#indexer() });
    const message = new SimulatedFunction<Invocation>('message', io, (process) => {
      const node = assemble(this.#ports(process));
      return ({ body = '', requestContext }) =>
        resultOf(async () => node.receive(body, await node.session(requestContext)));
    });
    const disconnect = new SimulatedFunction<Invocation>('disconnect', io, (process) => {
      const node = assemble(this.#ports(process));
      return async ({ requestContext }) => {
        await resultOf(async () => node.disconnected(await node.session(requestContext)));
        this.#missed.delete(requestContext.connectionId);
      };
    });
    this.#functions = [message, disconnect];
    const routes = {
      message: (event: Invocation) => message.invoke(event, `invoke ${event.requestContext.connectionId}`),
      disconnect: (event: Invocation) => disconnect.invoke(event, `vanish ${event.requestContext.connectionId}`),
    };
    this.gateway = new SimulatedGateway(io, routes, authorize, (connectionId) => this.#missed.add(connectionId));
  }

  /** The rooms, as they are stored. */
  get rooms(): RoomState[] {
    return this.table.contents.filter(({ pk }) => String(pk).startsWith('room#')).map(roomFrom);
  }

  /** Whether a connection has ended, and the function that is told has not come to its end. */
  isMissed(connectionId: string): boolean {
    return this.#missed.has(connectionId);
  }

  /** All warm processes of the functions end. */
  deploy(): void {
    for (const each of this.#functions) each.deploy();
  }

  /** The @connections API, for whoever may use it. */
  post(connectionId: string, frame: string): Promise<boolean> {
    return this.#io.call(`post ${connectionId}`, POST, () => {
      this.#throttle('TooManyRequestsException', this.#io.weather.gatewayThrottled);
      return this.gateway.post(connectionId, frame);
    });
  }

  #ports(process: Process): Ports {
    const { scheduler } = this.#io;
    return {
      domain: DOMAIN,
      table: this.#tableFor(process),
      gateway: this.#gatewayFor(process),
      sink: { publish: async (events) => void this.events.push(...events) },
      metrics: { record() {} },
      startsNodes: true,
      clock: Date.now,
      newId: () => scheduler.random.uuid(),
    };
  }

  #tableFor(process: Process): Table {
    const send = (command: { constructor: { name: string }; input: object }) => {
      const asked = this.rewrite({
        name: command.constructor.name,
        // As it is now: it travels as text.
        input: structuredClone(command.input) as Record<string, unknown>,
      });
      return this.#request(process, `${asked.name} ${keyOf(asked)}`, TABLE, () => {
        this.#throttle('ThrottlingException', this.#io.weather.tableThrottled);
        const response = this.table.run(asked);
        if (isRoom(asked)) this.#lookAt(keyOf(asked));
        return response;
      });
    };
    return { name: 'simulated', documents: { send } as unknown as DynamoDBDocumentClient };
  }

  #gatewayFor(process: Process): Gateway {
    const textOf = (messages: readonly Message[]) => JSON.stringify(messages.length === 1 ? messages[0] : messages);
    return {
      post: (id, messages) => {
        const text = textOf(messages);
        return this.#request(process, `post ${id}`, POST, () => {
          this.#throttle('TooManyRequestsException', this.#io.weather.gatewayThrottled);
          return this.gateway.post(id, text);
        });
      },
      isOpen: (id) => this.#request(process, `look at ${id}`, POST, () => this.gateway.isOpen(id)),
      close: async (id) => {
        await this.#request(process, `close ${id}`, POST, () => this.gateway.close(id));
      },
    };
  }

  /** A function's process may end before a request, or once it is under way. */
  #request<T>(process: Process, what: string, span: Span, perform: () => T): Promise<T> {
    this.#io.mayKill(process);
    const response = this.#io.call(what, span, perform);
    this.#io.mayKill(process);
    return response;
  }

  #throttle(name: string, chance: number): void {
    if (this.#io.scheduler.random.chance(chance)) throw new Throttled(name);
  }

  /** A room says of itself nothing that contradicts it. */
  #lookAt(pk: string): void {
    const item = this.table.item(pk);
    const room = item && roomFrom(item);
    const { incarnation, version, members: before = {} } = this.#versions.get(pk) ?? { incarnation: '', version: 0 };
    for (const [id, { name, status, connectionId }] of Object.entries(before)) {
      const isRemoved = status === 'live' && room?.members[id] === undefined && this.#isCalm && this.wantsToStay(name);
      if (isRemoved && this.gateway.isFresh(connectionId)) this.contradictions.push(`${name} is removed from ${pk}`);
    }
    const there = Object.keys(before).length;
    if (!room && there > 1) this.contradictions.push(`${pk} is deleted with ${there} members in it`);
    if (!room) return void this.#versions.delete(pk);
    if (room.incarnation === incarnation && room.version < version) {
      this.contradictions.push(`${pk} goes back from version ${version} to ${room.version}`);
    }
    this.#versions.set(pk, {
      incarnation: room.incarnation,
      version: room.version,
      members: room.members,
    });
    const members = Object.keys(room.members).length;
    if (item.count !== members) this.contradictions.push(`${pk} has ${members} members, and counts ${item.count}`);
    for (const { name, status, connectionId } of Object.values(room.members)) {
      if (status === 'disconnected' && this.#isFine(connectionId)) {
        this.contradictions.push(`${pk} takes ${name} for gone, whose socket is fine`);
      }
    }
    if (members > room.options.capacity) this.contradictions.push(`${pk} has ${members} members: too many`);
  }

  /** Whether nothing is wrong with a connection, nor with the answers of who is asked over it. */
  #isFine(connectionId: string): boolean {
    return this.#isCalm && this.gateway.isFine(connectionId);
  }

  get #isCalm(): boolean {
    const { killedFunction, gatewayThrottled, tableThrottled } = this.#io.weather;
    return killedFunction + gatewayThrottled + tableThrottled === 0;
  }

  /** Indexes follow, each item's changes in order. */
  #indexer(): (key: string, write: () => void) => void {
    const { scheduler, weather } = this.#io;
    const due = new Map<string, number>();
    return (key, write) => {
      const at = Math.max(due.get(key) ?? 0, scheduler.now + scheduler.random.between(1, weather.indexDelay));
      due.set(key, at);
      scheduler.after(at - scheduler.now, 'index', write, scheduler.world);
    };
  }
}

function isRoom(command: TableCommand): boolean {
  return keyOf(command).startsWith('room#') && command.name !== 'GetCommand';
}

function keyOf({ input }: TableCommand): string {
  const { pk } = (input.Key ?? input.Item ?? {}) as { pk?: string };
  return pk ?? String(input.IndexName ?? '');
}
