import {
  CodecBody,
  ConnectionsBody,
  DataPush,
  DataSentBody,
  DismissedBody,
  type DomainAddresses,
  HistoryBody,
  issueText,
  JoinedBody,
  Message,
  ObjectUpdate,
  ProbeBody,
  PushBody,
  ResponseBody,
  ResumedBody,
  RetryBody,
  Room,
  WaitingBody,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { RoomReplica } from './room-replica.ts';

/** What is known of a message that was sent: what its answer has to be follows from it. */
type Asked = Pick<Message, 'type' | 'to'>;

const ReadBody = v.object({ value: Room });
const Nothing = v.looseObject({});

/**
 * Holds what the domain says to a client to the schemas of the protocol: the SDK takes it as it is. What hyperties say to each other is
 * their own business.
 */
export class WireCheck {
  readonly #addresses: DomainAddresses;
  readonly #asked = new Map<string, Asked>();
  readonly #rooms = new Map<string, RoomReplica>();

  constructor(addresses: DomainAddresses) {
    this.#addresses = addresses;
  }

  /** The client says that. */
  sent({ id, from, to, type }: Message): void {
    this.#asked.set(`${from} ${id}`, { type, to });
  }

  /** What is wrong with something that the client is told; undefined if nothing is. */
  misfit(told: unknown): string | undefined {
    const message = v.safeParse(Message, told);
    if (!message.success) return `${JSON.stringify(told)}: ${issueText(message.issues[0])}`;
    const { type, from, to, body = {} } = message.output;
    const schema = type === 'response' ? this.#answerTo(message.output) : this.#unasked(message.output);
    const parsed = v.safeParse(schema ?? Nothing, body);
    if (!parsed.success) return `${type} from ${from} to ${to}: ${issueText(parsed.issues[0])}`;
    return this.#follow(message.output);
  }

  #answerTo({ id, to, body }: Message): v.GenericSchema | undefined {
    const asked = this.#asked.get(`${to} ${id}`);
    const code = Number(body?.code);
    if (code === 488) return CodecBody;
    if (body && 'retryAfter' in body) return v.intersect([ResponseBody, RetryBody]);
    if (!asked || code >= 300) return ResponseBody;
    const { conference, room } = this.#addresses;
    if (asked.to === conference) return v.intersect([ResponseBody, fromConference(asked.type)]);
    if (!asked.to.startsWith(room(''))) return ResponseBody;
    if (asked.to.endsWith('/children/')) return asked.type === 'create' ? DataSentBody : HistoryBody;
    return asked.type === 'read' ? v.intersect([ResponseBody, ReadBody]) : ResponseBody;
  }

  #unasked({ type, from, to }: Message): v.GenericSchema | undefined {
    const { conference, room } = this.#addresses;
    if (from === conference) return type === 'update' ? PushBody : type === 'delete' ? DismissedBody : undefined;
    if (type === 'read' && !to.startsWith(room(''))) return ProbeBody;
    if (!from.startsWith(room(''))) return undefined;
    if (type === 'update') return ObjectUpdate;
    return type === 'create' && from.endsWith('/children/') ? DataPush : undefined;
  }

  /** A room has to be one after each update, too. */
  #follow({ type, from, body }: Message): string | undefined {
    const whole = v.safeParse(ReadBody, body);
    if (type === 'response' && whole.success) this.#replicaOf(whole.output.value.url).load(whole.output.value);
    const replica = this.#rooms.get(from);
    if (type !== 'update' || !replica) return undefined;
    const update = v.safeParse(ObjectUpdate, body);
    if (update.success) replica.apply(update.output);
    const room = v.safeParse(Room, replica.room);
    return room.success ? undefined : `${from} has become something else: ${issueText(room.issues[0])}`;
  }

  #replicaOf(url: string): RoomReplica {
    const replica = this.#rooms.get(url) ?? new RoomReplica();
    this.#rooms.set(url, replica);
    return replica;
  }
}

/** What the conference answers to a request that it grants. */
function fromConference(type: string): v.GenericSchema {
  if (type === 'create') return v.union([JoinedBody, WaitingBody]);
  if (type === 're-open') return ResumedBody;
  return type === 'update' ? ConnectionsBody : Nothing;
}
