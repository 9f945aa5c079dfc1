import type { Stack } from '../stack.ts';
import type { Supervised } from '../supervised.ts';
import type { Overview } from './overview.ts';

export type FaultId = 'drop-socket' | 'kill-agent' | 'kill-engine' | 'delay' | 'reorder' | 'as-usual';

/** One that can be injected, in words for who has never seen the system fail. */
export interface Fault {
  readonly id: FaultId;
  readonly title: string;
  /** Whom it is done to. */
  readonly target: 'participant' | 'node' | 'nobody';
  readonly does: string;
  readonly watch: string;
  /** What docs/survival.md says will come of it. */
  readonly promise: string;
  /** Why it cannot be had here. */
  readonly disabled?: string;
  /** It lasts until another way of delivery is chosen. */
  readonly isOn?: boolean;
}

/** Why a fault was not injected. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly code: 'unknown-fault' | 'no-such-target' | 'not-here';

  constructor(code: FaultError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const DELAY_MS = 400;
const WINDOW_MS = 80;

const FAULTS: readonly Fault[] = [
  {
    id: 'drop-socket',
    title: "Drop a participant's socket",
    target: 'participant',
    does: 'Ends the WebSocket without a closing handshake, as a network does that changes.',
    watch:
      'In the inspector: "returns", a re-open with the same id. The participant stays in the room, and pictures go on.',
    promise:
      'The client, at once, opens another and goes on as the same hyperty with the same endpoints. People see nothing.',
  },
  {
    id: 'kill-agent',
    title: 'Kill the media agent',
    target: 'node',
    does: 'kill -9. Its supervisor starts it again at once.',
    watch: 'The node is away for a moment, "agent started again" counts up, endpoints stay as many as they are.',
    promise: 'The new process takes its Kurento session over, with every endpoint in it. No viewer loses a picture.',
  },
  {
    id: 'kill-engine',
    title: 'Kill the media engine',
    target: 'node',
    does: 'kill -9 of what stands in for Kurento: every pipeline and endpoint is gone. Its supervisor starts it again.',
    watch: "The room's epoch rises by one, endpoints fall to none and come back, pages show a banner.",
    promise: 'The room begins anew, clients offer everything again by themselves. Media stop, and are back within 5 s.',
  },
  {
    id: 'delay',
    title: `Delay messages by ${DELAY_MS} ms`,
    target: 'nobody',
    does: 'Everything that clients and agents send waits before a function sees it, until you choose "as usual".',
    watch: 'Join in another tab: it takes longer, and works. Pictures that flow do not care.',
    promise: 'Nothing relies on when a message comes: media depend on signalling only to begin and to change.',
  },
  {
    id: 'reorder',
    title: 'Shuffle messages',
    target: 'nobody',
    does: `What one client sends within ${WINDOW_MS} ms reaches the functions in another order, until you choose "as usual".`,
    watch: 'Mute, unmute and chat quickly: every page agrees with the others in the end.',
    promise: 'Versions, ids and whole rosters: messages may be late, doubled or overtaken, and all converge.',
  },
];

const AS_USUAL: Fault = {
  id: 'as-usual',
  title: 'As usual',
  target: 'nobody',
  does: 'Messages reach the functions as they come.',
  watch: 'What is held back still comes.',
  promise: 'As in any deployment.',
};

/** Of a stack, what can be broken. */
export type Breakable = Pick<Stack, 'faults' | 'nodes' | 'engine'>;

/** What can be made to fail in a stack. */
export class Faults {
  readonly #stack: Breakable;

  constructor(stack: Breakable) {
    this.#stack = stack;
  }

  list(): Fault[] {
    const { delivery } = this.#stack.faults;
    const mode = ({ delay: 'delay', reorder: 'reorder', natural: 'as-usual' } as const)[delivery.mode];
    const noEngine = this.#stack.engine ? undefined : 'Kurento was given with --kurento: it is not ours to kill.';
    return [...FAULTS, AS_USUAL].map((fault) => ({
      ...fault,
      ...(fault.target === 'nobody' && { isOn: fault.id === mode }),
      ...(fault.id === 'kill-engine' && noEngine && { disabled: noEngine }),
    }));
  }

  /** Resolves with what it did. */
  async inject(id: string, target: string, { rooms }: Overview): Promise<string> {
    switch (id) {
      case 'drop-socket': {
        const participant = rooms.flatMap(({ participants }) => participants).find((each) => each.id === target);
        if (!participant) throw new FaultError('no-such-target', 'no such participant: has it left?');
        return this.#drop(participant.name, participant.connectionId);
      }
      case 'kill-agent':
        return kill(`The media agent of ${target}`, this.#node(target).agent);
      case 'kill-engine':
        return this.#killEngine(target);
      case 'delay':
        this.#stack.faults.deliver({ mode: 'delay', ms: DELAY_MS });
        return `From now on each message waits ${DELAY_MS} ms on its way to the functions.`;
      case 'reorder':
        this.#stack.faults.deliver({ mode: 'reorder', seed: Date.now(), windowMs: WINDOW_MS });
        return `From now on messages of one client that come within ${WINDOW_MS} ms are shuffled.`;
      case 'as-usual':
        this.#stack.faults.deliver({ mode: 'natural' });
        return 'Messages reach the functions as they come again.';
      default:
        throw new FaultError('unknown-fault', `there is no fault '${id}'`);
    }
  }

  #drop(name: string, connectionId: string): string {
    if (!this.#stack.faults.connections().includes(connectionId)) {
      throw new FaultError('no-such-target', `${name} has no socket at the moment`);
    }
    this.#stack.faults.dropConnection(connectionId);
    return `The socket of ${name} (${connectionId}) is closed, without a word to the page.`;
  }

  async #killEngine(id: string): Promise<string> {
    const { engine } = this.#node(id);
    if (!engine) throw new FaultError('not-here', 'Kurento was given with --kurento: it is not ours to kill');
    return kill(`The media engine of ${id}`, engine);
  }

  #node(id: string) {
    const node = this.#stack.nodes.find((each) => each.id === id);
    if (!node) throw new FaultError('no-such-target', `there is no media node '${id}'`);
    return node;
  }
}

async function kill(what: string, program: Supervised): Promise<string> {
  const { pid } = program.process;
  await program.kill();
  return `${what} (process ${pid}) was killed with SIGKILL. Its supervisor starts it again.`;
}
