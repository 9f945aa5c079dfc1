import { AnnounceBody, Code, expectBody, type Message, NodeReport, Refusal, response } from '@hyperroom/protocol';
import { emptyRoster, rosterOf } from '../conference/room-state.ts';
import type { RoomEvent } from '../conference/rules/events.ts';
import type { Settle } from '../conference/settle.ts';
import { type Ownership, requireOwn } from '../messaging-node/ownership.ts';
import type { Component } from '../messaging-node/turn.ts';
import type { Addresses } from '../store/addresses.ts';
import type { Rooms } from '../store/rooms.ts';
import type { MediaNodes } from './media-nodes.ts';

export interface MediaDependencies {
  readonly nodes: MediaNodes;
  readonly rooms: Rooms;
  readonly owners: Ownership;
  readonly entries: Addresses;
  /** Carries an event out and tells everybody concerned. */
  readonly settle: Settle['settle'];
}

/** Where media nodes announce themselves and report. */
export function media({ nodes, rooms, owners, entries, settle }: MediaDependencies): Component {
  async function takeReport(node: string, connectionId: string, report: NodeReport): Promise<void> {
    if (report.report === 'heartbeat') {
      await nodes.heartbeat(node, connectionId, report.value);
      return;
    }
    if (report.report === 'inventory' || report.report === 'lost') return;
    const outcome = await settle(report.resource, eventOf(node, report));
    // The node holds what is not there: it has missed a command.
    if (report.report !== 'media' && outcome.kind !== 'changed') await resync(node, report);
  }

  /** Sends the node the roster as it is; nobody, where that life of the room is over. */
  async function resync(node: string, { resource: url, incarnation, epoch }: OfRoom): Promise<void> {
    const room = await rooms.read(url);
    const its = room?.incarnation === incarnation && room.epoch === epoch && room.node === node;
    const roster = its ? rosterOf(room) : emptyRoster({ url, incarnation, epoch });
    await nodes.dispatch(node, { command: 'sync', roster });
  }

  return async (message: Message, { session }) => {
    if (message.type === 'response') return undefined;
    if (session.role !== 'media-node') throw new Refusal(Code.forbidden, 'only media nodes report here');
    await requireOwn(session, message.from, owners, entries);
    if (message.type === 'create') {
      await nodes.heartbeat(message.from, session.connectionId, expectBody(AnnounceBody, message).value);
    } else if (message.type === 'update') {
      await takeReport(message.from, session.connectionId, expectBody(NodeReport, message));
    } else {
      throw new Refusal(Code.badRequest, `a media node does not '${message.type}'`);
    }
    return response(message, Code.ok);
  };
}

type OfRoom = Pick<Extract<NodeReport, { report: 'lost' }>, 'resource' | 'incarnation' | 'epoch'>;

function eventOf(node: string, report: Exclude<NodeReport, { report: 'heartbeat' | 'inventory' | 'lost' }>): RoomEvent {
  const { incarnation, epoch } = report;
  if (report.report === 'empty') return { type: 'expire', incarnation, epoch, node, version: report.version };
  const { participant: id, admitted } = report;
  const stay = { incarnation, epoch, admitted, node };
  if (report.report === 'gone') return { type: 'leave', id, stay, onlyIfDisconnected: report.onlyIfDisconnected };
  const { publication, connection } = report;
  if (report.report === 'unpublished') return { type: 'unpublished', id, stay, publication, connection };
  return { type: 'media', id, stay, publication, connection, media: report.media };
}
