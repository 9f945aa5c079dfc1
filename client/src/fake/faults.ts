import { Code, type DomainAddresses, type Message, Refusal, TOKEN_EXPIRED } from '@hyperroom/protocol';
import type { HyperroomErrorCode } from '../errors.ts';
import type { Refusable, RefusalCode } from './types.ts';

const NUMBERS: Partial<Record<HyperroomErrorCode, Code>> = {
  'bad-request': Code.badRequest,
  unauthorized: Code.unauthorized,
  'token-expired': Code.unauthorized,
  forbidden: Code.forbidden,
  'not-found': Code.notFound,
  unavailable: Code.unavailable,
  conflict: Code.conflict,
  locked: Code.locked,
  'too-fast': Code.tooFast,
  'room-full': Code.full,
  'codec-unsupported': Code.notAcceptable,
  'server-error': Code.internal,
  'no-media-node': Code.noMediaNode,
};

/** What a test wants to go wrong. */
export class Faults {
  readonly #addresses: DomainAddresses;
  readonly #refusals: { code: RefusalCode; of: Refusable }[] = [];

  constructor(addresses: DomainAddresses) {
    this.#addresses = addresses;
  }

  refuseNext(code: RefusalCode, of: Refusable): void {
    this.#refusals.push({ code, of });
  }

  /** Throws a refusal for what is to be refused; true: the message is to be lost. */
  strikes(message: Message): boolean {
    const of = this.#kindOf(message);
    const index = this.#refusals.findIndex((refusal) => refusal.of === of);
    const [struck] = index < 0 ? [] : this.#refusals.splice(index, 1);
    if (!struck) return false;
    const number = NUMBERS[struck.code];
    if (number === undefined) return true;
    throw new Refusal(number, struck.code === 'token-expired' ? TOKEN_EXPIRED : `${struck.code}, as the test wants it`);
  }

  #kindOf({ type, to }: Message): Refusable | undefined {
    if (type === 'create' && to.endsWith('/children/')) return 'data';
    if (to !== this.#addresses.conference) return undefined;
    const kinds: Record<string, Refusable> = { create: 'join', update: 'update', execute: 'moderation' };
    return kinds[type];
  }
}
