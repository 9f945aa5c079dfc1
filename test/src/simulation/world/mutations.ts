import type { TableCommand } from './aws/table.ts';
import { type Body, frames, keyOf, values, without } from './sabotage.ts';
import type { World } from './world.ts';

/** A safeguard, taken away: by what surrounds the product, which itself knows nothing of it. */
export interface Mutation {
  readonly name: string;
  readonly about: string;
  /** Where its lack shows soonest; the random one plays in turn with them. */
  readonly scenarios: readonly string[];
  readonly sabotage: (world: World) => void;
}

function rewriting(change: (command: TableCommand, world: World) => TableCommand): Mutation['sabotage'] {
  return (world) => {
    world.cloud.rewrite = (command) => change(command, world);
  };
}

/** The process of the agent that has this hyperty. */
const agentOf = (hyperty: string) => `agent-${hyperty.split('/media-').at(-1)}.`;

const isOfRoom = (command: TableCommand) => keyOf(command).startsWith('room#');
const updateOf = ({ input }: TableCommand) => String(input.UpdateExpression ?? '');
const conditionOf = ({ input }: TableCommand) => String(input.ConditionExpression ?? '');

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'admission-unconditional',
    about: 'a join is written without its condition',
    scenarios: ['all-at-once', 'socket-drops', 'drop-while-joining'],
    sabotage: rewriting((command) =>
      isOfRoom(command) && updateOf(command).includes('if_not_exists(#incarnation') ? without(command) : command,
    ),
  },
  {
    name: 'version-unchecked',
    about: 'a general write to a room does not ask whether that has changed',
    scenarios: ['publications', 'kurento-crash-while-joining', 'churn'],
    sabotage: rewriting((command) => (conditionOf(command).includes(':seenVersion') ? without(command) : command)),
  },
  {
    name: 'deletion-unconditional',
    about: 'a room is deleted although somebody has joined meanwhile',
    scenarios: ['revolving-door'],
    sabotage: rewriting((command) =>
      isOfRoom(command) && command.name === 'DeleteCommand' ? without(command) : command,
    ),
  },
  {
    name: 'joins-not-recognised',
    about: 'a join that is repeated is taken for a second one',
    scenarios: ['drop-while-joining', 'functions-killed'],
    sabotage: rewriting((command) => {
      const given = command.input.ExpressionAttributeValues as Body | undefined;
      const member = given?.[':member'] as Body | undefined;
      if (!isOfRoom(command) || member?.joinedBy === undefined) return command;
      const forgetful = { ...given, ':member': { ...member, joinedBy: 'somebody' } };
      return { ...command, input: { ...command.input, ExpressionAttributeValues: forgetful } };
    }),
  },
  {
    name: 'grace-unchecked',
    about: 'who is gone for too long is removed, be it back',
    scenarios: ['last-moment'],
    sabotage: ({ cloud }) => {
      cloud.gateway.rewriteUp = frames((message) =>
        message.body?.report === 'gone'
          ? { ...message, body: { ...message.body, onlyIfDisconnected: false, connectionId: undefined } }
          : message,
      );
    },
  },
  {
    name: 'vanish-of-any-connection',
    about: 'the end of a socket ends the stay that has gone on on another',
    scenarios: ['stale-index-drops', 'late-disconnect'],
    sabotage: rewriting((command) =>
      isOfRoom(command) && updateOf(command).includes('#status = :disconnected')
        ? without(command, /#member\.#connectionId = :connectionId/)
        : command,
    ),
  },
  {
    name: 'no-inventory',
    about: 'agent and table are never compared',
    scenarios: ['half-made', 'leaves-cut-short'],
    sabotage: ({ cloud }) => {
      cloud.gateway.rewriteUp = frames((message) => (message.body?.report === 'inventory' ? undefined : message));
    },
  },
  {
    name: 'nobody-is-probed',
    about: 'who is silent is believed to be there',
    scenarios: ['silent-death', 'silent-death-alone'],
    sabotage: ({ cloud: { gateway } }) => {
      gateway.rewriteDown = frames((message) => {
        if (message.type !== 'read' || !message.id.startsWith('probe-')) return message;
        const { id, to, from } = message;
        const node = gateway.connections.find(({ owner }) => owner.name.startsWith(agentOf(from)));
        const live = { id, type: 'response', from: to, to: from, body: { code: 200, value: 'live' } };
        if (node) gateway.post(node.id, JSON.stringify(live));
        return undefined;
      });
    },
  },
  {
    name: 'probes-go-unheard',
    about: 'who is probed cannot say that it is there',
    scenarios: ['viewers'],
    sabotage: ({ cloud }) => {
      cloud.gateway.rewriteUp = frames((message) => (message.id.startsWith('probe-') ? undefined : message));
    },
  },
  {
    name: 'no-gone-reports',
    about: 'nobody is removed when its grace is over',
    scenarios: ['tab-killed', 'everybody-vanishes'],
    sabotage: ({ cloud }) => {
      cloud.gateway.rewriteUp = frames((message) => (message.body?.report === 'gone' ? undefined : message));
    },
  },
  {
    name: 'epoch-stays',
    about: 'a room that moves keeps its epoch: nobody offers anew',
    scenarios: ['kurento-crash', 'node-lost'],
    sabotage: rewriting((command, { cloud }) => {
      const { epoch } = cloud.table.item(keyOf(command)) ?? {};
      return isOfRoom(command) && epoch !== undefined ? values(command, 'epoch', epoch) : command;
    }),
  },
  {
    name: 'drains-unseen',
    about: 'nobody is told that a node is to go',
    scenarios: ['drain'],
    sabotage: ({ cloud }) => {
      cloud.gateway.rewriteUp = frames((message) => {
        const { draining: _, ...value } = (message.body?.value ?? {}) as Body;
        return _ === undefined ? message : { ...message, body: { ...message.body, value } };
      });
    },
  },
  {
    name: 'moved-is-over',
    about: 'what has moved is given up at once where it was',
    scenarios: ['drain-moves'],
    sabotage: ({ cloud }) => {
      cloud.gateway.rewriteDown = frames((message) =>
        message.body?.moved ? { ...message, body: { ...message.body, moved: undefined } } : message,
      );
    },
  },
  {
    name: 'any-roster-is-newest',
    about: 'an agent takes a late roster for the newest',
    scenarios: ['slow', 'churn', 'all-at-once'],
    sabotage: ({ cloud }) => {
      let version = 0;
      const renumbered = (body: Body) => ({ ...body, roster: { ...(body.roster as object), version: ++version } });
      cloud.gateway.rewriteDown = frames((message) =>
        message.body?.roster ? { ...message, body: renumbered(message.body) } : message,
      );
    },
  },
  {
    name: 'any-version-is-next',
    about: 'a page applies updates of the room as they come',
    scenarios: ['slow', 'churn', 'all-at-once'],
    sabotage: ({ cloud }) => {
      const last = new Map<string, number>();
      cloud.gateway.rewriteDown = frames((message, connection) => {
        const { version, value } = message.body ?? {};
        const room = value as { version?: unknown; data?: unknown } | undefined;
        if (message.type === 'response' && typeof room?.version === 'number' && room.data) {
          last.set(connection, room.version);
        }
        if (!message.to.endsWith('/changes') || typeof version !== 'number') return message;
        const next = (last.get(connection) ?? version - 1) + 1;
        last.set(connection, next);
        return { ...message, body: { ...message.body, version: next } };
      });
    },
  },
  {
    name: 'secret-not-asked-for',
    about: 'whoever wants an address gets it',
    scenarios: ['thief'],
    sabotage: rewriting((command) =>
      keyOf(command).startsWith('address#') && command.name === 'UpdateCommand' ? without(command) : command,
    ),
  },
  {
    name: 'state-not-kept',
    about: 'a new agent knows nothing of the one before',
    scenarios: ['agent-killed'],
    sabotage: (world) => {
      world.forgetsState = true;
    },
  },
  {
    name: 'orphans-not-looked-for',
    about: 'nobody asks Kurento what it holds',
    scenarios: ['orphans', 'agent-without-state'],
    sabotage: (world) => {
      world.hidesPipelines = true;
    },
  },
];
