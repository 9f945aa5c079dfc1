import {
  AnnounceBody,
  Code,
  expectBody,
  type GoneReport,
  type HeartbeatReport,
  type LostReport,
  type Message,
  NodeReport,
  Refusal,
  response,
} from '@hyperroom/protocol';
import { endOf, memberOf, type StayKey, syncOf } from '../conference/room-state.ts';
import type { RoomEvent } from '../conference/rules/events.ts';
import { isLife } from '../conference/rules/leave.ts';
import type { Settle } from '../conference/settle.ts';
import type { Gateway } from '../gateway.ts';
import { type Ownership, requireOwn } from '../messaging-node/ownership.ts';
import type { Component } from '../messaging-node/turn.ts';
import type { Metrics } from '../metrics.ts';
import type { Addresses } from '../store/addresses.ts';
import type { Rooms } from '../store/rooms.ts';
import { gaugesOf, recordCounts } from './figures.ts';
import { type InventoryDependencies, inventory } from './inventory.ts';

export interface MediaDependencies extends InventoryDependencies {
  readonly rooms: Rooms;
  readonly owners: Ownership;
  readonly entries: Addresses;
  readonly gateway: Gateway;
  /** Carries an event out and tells everybody concerned. */
  readonly settle: Settle['settle'];
  readonly metrics: Metrics;
  /** Clears up after a stay of somebody who had been gone. */
  readonly stayOver: (stay: StayKey) => Promise<void>;
}

/** Where media nodes announce themselves and report. */
export function media(deps: MediaDependencies): Component {
  const { nodes, rooms, recovery, owners, entries, gateway, settle } = deps;
  const reconcile = inventory(deps);

  /** Who comes by finds the nodes that do not come any more. */
  async function hear(message: Message, connectionId: string, { value, witness, counts }: Heard) {
    const all = await nodes.heartbeat(message.from, connectionId, value);
    if (counts) recordCounts(deps.metrics, gaugesOf(all, deps.clock()), counts);
    const lost = recovery.lostAmong(all, message.from, witness);
    if (lost.length === 0) return response(message, Code.ok);
    // At once, for a node whose heartbeats are answered late is no witness.
    await gateway.post(connectionId, [response(message, Code.ok)]);
    await recovery.clear(lost);
    return undefined;
  }

  async function announce(message: Message, connectionId: string): Promise<Message | undefined> {
    // No witness yet: after an outage of everything the first to be back would take all the others for lost.
    const { value, isEmpty } = expectBody(AnnounceBody, message);
    const answer = await hear(message, connectionId, { value, witness: false });
    if (isEmpty) await recovery.restartAll(message.from);
    await recovery.adopt();
    return answer;
  }

  async function takeReport(message: Message, connectionId: string): Promise<Message | undefined> {
    const node = message.from;
    const report = expectBody(NodeReport, message);
    switch (report.report) {
      case 'heartbeat':
        return hear(message, connectionId, report);
      case 'inventory':
        await reconcile(node, report);
        await recovery.adopt();
        break;
      case 'lost':
        await takeLoss(node, report);
        break;
      case 'evacuation':
        await recovery.evacuate(node);
        break;
      default:
        await takeChange(node, report);
    }
    return response(message, Code.ok);
  }

  async function takeChange(node: string, report: Change): Promise<void> {
    const outcome = await settle(report.resource, eventOf(node, report));
    // Also of one that has ended before: who ended it may not have come to this.
    if (report.report === 'gone') {
      const stay = stayOf(report);
      const goesOn = outcome.kind !== 'refused' && memberOf(outcome.room, stay);
      if (!goesOn) await deps.stayOver(stay);
    }
    // The node holds what is not there: it has missed a command.
    if (report.report !== 'media' && outcome.kind !== 'changed') await resync(node, report);
  }

  async function takeLoss(node: string, report: LostReport): Promise<void> {
    const room = await rooms.read(report.resource);
    if (room && isLife(room, { ...report, node })) await recovery.restart(room);
    await resync(node, report);
  }

  /** Sends the node the roster as it is; nobody, where that life of the room is over. */
  async function resync(node: string, { resource: url, incarnation, epoch }: LifeOfRoom): Promise<void> {
    const room = await rooms.read(url);
    const its = room && isLife(room, { incarnation, epoch, node });
    const command = its ? syncOf(room) : endOf({ url, incarnation, epoch }, room);
    await nodes.dispatch(node, command);
  }

  return async (message: Message, { session }) => {
    if (message.type === 'response') return undefined;
    if (session.role !== 'media-node') throw new Refusal(Code.forbidden, 'only media nodes report here');
    await requireOwn(session, message.from, owners, entries);
    if (message.type === 'create') return announce(message, session.connectionId);
    if (message.type === 'update') return takeReport(message, session.connectionId);
    throw new Refusal(Code.badRequest, `a media node does not '${message.type}'`);
  };
}

type Heard = Pick<HeartbeatReport, 'value' | 'witness' | 'counts'>;
type LifeOfRoom = Pick<LostReport, 'resource' | 'incarnation' | 'epoch'>;
type Change = Exclude<NodeReport, { report: 'heartbeat' | 'inventory' | 'evacuation' | 'lost' }>;

function stayOf({ resource, incarnation, participant, admitted }: GoneReport): StayKey {
  return { room: resource, incarnation, id: participant, admitted };
}

function eventOf(node: string, report: Change): RoomEvent {
  const { incarnation, epoch } = report;
  if (report.report === 'empty') return { type: 'expire', incarnation, epoch, node, version: report.version };
  const { participant: id, admitted } = report;
  const stay = { incarnation, epoch, admitted, node };
  if (report.report === 'gone') {
    const { onlyIfDisconnected, connectionId } = report;
    return { type: 'leave', id, stay, onlyIfDisconnected, ...(connectionId !== undefined && { connectionId }) };
  }
  const { publication, connection } = report;
  if (report.report === 'unpublished') return { type: 'unpublished', id, stay, publication, connection };
  return { type: 'media', id, stay, publication, connection, media: report.media };
}
