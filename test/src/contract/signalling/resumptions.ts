import type { Message } from '@hyperroom/protocol';
import { expect, vi } from 'vitest';
import { type Participant, participant } from './joins.ts';
import { aRegistration, at, type MediaNode, type Peer, type Signalling, type TokenInput, WAIT } from './signalling.ts';

/* How participants go and come back. */

const secretOf = (name: string) => `the secret of ${name}`;

/** A registration that its owner can take over. */
export const registrationOf = (name: string, resumption = secretOf(name)) =>
  ({
    type: 'create',
    from: at.hyperty(name),
    to: at.registry,
    body: { value: aRegistration(at.hyperty(name), { resumption }) },
  }) as const;

let frames = 0;

/** Registers and re-opens in one frame, as the SDK does; gives both responses. */
export async function reopen(peer: Peer, name: string, room: string, resumption?: string) {
  const frame = frames++;
  const [register, reopening] = [`register-${frame}`, `re-open-${frame}`];
  peer.send(
    { id: register, ...registrationOf(name, resumption) },
    { id: reopening, type: 're-open', from: at.hyperty(name), to: at.conference, body: { resource: at.room(room) } },
  );
  return [(await peer.responseTo(register)).body, (await peer.responseTo(reopening)).body];
}

export const codesOf = (bodies: readonly (Message['body'] | undefined)[]) => bodies.map((body) => body?.code);

interface Entry {
  readonly user: string;
  readonly status: string;
}

/** What the registry says of somebody. */
export async function entryOf(peer: Peer, name: string): Promise<Entry | undefined> {
  const resource = at.hyperty(name);
  const { body } = await peer.ask({ type: 'read', from: 'reader', to: at.registry, body: { resource } });
  return (body?.value as Record<string, Entry> | undefined)?.[resource];
}

export const statusOf = async (peer: Peer, name: string) => (await entryOf(peer, name))?.status;

/** What a peer has heard of somebody's status in a room; undefined: that it is gone. */
export const heardOf = (peer: Peer, room: string, name: string) =>
  peer
    .updates(at.room(room))
    .filter(({ body }) => body?.attribute === `participants.${name}`)
    .map(({ body }) => (body?.value as { status: string } | undefined)?.status);

/** Those of one stack and node. */
export function resumptions(signalling: Signalling, node: MediaNode) {
  const { faults } = signalling.emulator;
  const connectionOf = async (name: string) => (await node.join(name)).reply.connectionId;

  async function goneReportOf(name: string, changes: object = {}) {
    const { roster, participant } = await node.join(name);
    const { room: resource, incarnation, epoch, participants } = roster;
    const { admitted } = participants[participant] ?? {};
    return {
      report: 'gone',
      resource,
      incarnation,
      epoch,
      participant,
      admitted,
      onlyIfDisconnected: true,
      ...changes,
    };
  }

  return {
    connectionOf,
    goneReportOf,

    /** Somebody in a room who can come back. */
    resumable: (name: string, room: string, changes: { claims?: TokenInput } = {}): Promise<Participant> =>
      participant(signalling, node, name, room, { ...changes, registration: { resumption: secretOf(name) } }),

    /** Ends the connection that somebody has joined on. */
    async drop(name: string, options?: { silently: boolean }): Promise<void> {
      faults.dropConnection(await connectionOf(name), options);
    },

    /** Waits for the function that a connection's end calls to have come to its own. */
    async disconnected(connectionId: string): Promise<void> {
      await vi.waitFor(async () => {
        const { journal } = await signalling.emulator.metrics();
        const ended = journal.filter(
          (record) => record.connectionId === connectionId && record.routeKey === '$disconnect',
        );
        expect(ended).toHaveLength(1);
      }, WAIT);
    },

    async reportGone(name: string, changes: object = {}): Promise<void> {
      expect((await node.report(await goneReportOf(name, changes))).body?.code).toBe(200);
    },
  };
}
