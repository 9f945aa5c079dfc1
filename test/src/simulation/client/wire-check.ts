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
  schemeOf,
  WaitingBody,
} from '@hyperroom/protocol';
import * as v from 'valibot';

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
    return parsed.success ? undefined : `${type} from ${from} to ${to}: ${issueText(parsed.issues[0])}`;
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
    if (type === 'read' && schemeOf(to) === 'hyperty') return ProbeBody;
    if (!from.startsWith(room(''))) return undefined;
    if (type === 'update') return ObjectUpdate;
    return type === 'create' && from.endsWith('/children/') ? DataPush : undefined;
  }
}

/** What the conference answers to a request that it grants. */
function fromConference(type: string): v.GenericSchema {
  if (type === 'create') return v.union([JoinedBody, WaitingBody]);
  if (type === 're-open') return ResumedBody;
  return type === 'update' ? ConnectionsBody : Nothing;
}
