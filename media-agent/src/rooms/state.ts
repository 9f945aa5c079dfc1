import type { Code, IceCandidate, MediaState, ReplyTo, Room, Roster, RosterEntry } from '@hyperroom/protocol';

/** Names one incarnation of a room. */
export type RoomKey = string;
/** Names one stay of a participant in a room: who leaves and comes back is somebody else. */
export type StayKey = string;

export function roomKeyOf(roster: Pick<Roster, 'room' | 'incarnation'>): RoomKey {
  return `${roster.room} ${roster.incarnation}`;
}

export function stayKeyOf(participant: string, admitted: number): StayKey {
  return `${participant}@${admitted}`;
}

/** One WebRTC endpoint: the media server's end of a client's connection. */
export interface EndpointRef {
  room: RoomKey;
  stay: StayKey;
  /** The connection's URL. */
  url: string;
}

export type Phase = { name: 'held'; offer: string } | { name: 'answering' } | { name: 'answered'; sdp: string };

interface Leg {
  url: string;
  phase: Phase;
  /** Waiting for the answer. */
  candidates: IceCandidate[];
  connected: boolean;
}

export type Publication = Leg;

export interface Receiver extends Omit<Leg, 'phase'> {
  phase: Phase | { name: 'failed'; error: string };
  /** Whose publication it shows; null while spare. Set once: a connection never changes its peer. */
  peer: StayKey | null;
  /** Media flows from the peer's publication. */
  linked: boolean;
  /** What its client has been told. */
  told: { answer: boolean; peer: boolean };
}

/** A client's request that has not been answered yet. */
export interface PendingRequest {
  reply: ReplyTo;
  /** The connections it offers. */
  urls: string[];
  /** The room object, for the response to a join. */
  joined: Room | null;
  /** The room's version when it was made. */
  version: number;
  /** The connections whose answers its response waits for: those that it has set going, and no later ones. */
  awaits: string[] | null;
}

export interface Member {
  stay: StayKey;
  participant: string;
  admitted: number;
  publication: Publication | null;
  /** By connection URL, in the order of the offers. */
  receivers: Map<string, Receiver>;
  /** Finished connections and how they ended. */
  spent: Map<string, string>;
  /** Candidates of connections that have not been offered yet. */
  early: Map<string, IceCandidate[]>;
  /** Publications whose connection the client has closed: shown again only over a new offer. */
  waived: Set<StayKey>;
  requests: PendingRequest[];
  /** What was last reported of the publication. */
  media: MediaState;
  /** The media server could not take this participant: it is waiting to be removed. */
  refused: { code: Code; reason: string } | null;
}

export interface RoomState {
  key: RoomKey;
  /** The newest one seen. A room with nobody in it is a tombstone: it turns stragglers away. */
  roster: Roster;
  /** When the room object was created, if a join has told: orders two incarnations. */
  created: string | null;
  /** Whether there is a pipeline. */
  open: boolean;
  members: Map<StayKey, Member>;
  /** Connections of the WebSocket API that have turned out to be gone. */
  unreachable: Set<string>;
  /** Who is being waited for. */
  graces: Set<StayKey>;
}

/** `away`: out of reach, perhaps not for long; what it holds may survive. */
export type MediaServerState = 'up' | 'away' | 'lost';

export interface AgentState {
  media: MediaServerState;
  rooms: Map<RoomKey, RoomState>;
  /** Numbers the messages that the agent sends of its own accord. */
  pushes: number;
}

export function initialState(media: MediaServerState = 'up'): AgentState {
  return { media, rooms: new Map(), pushes: 0 };
}

/** The roster's entry of a stay, unless that stay is over. */
export function entryOf(room: RoomState, member: Pick<Member, 'participant' | 'admitted'>): RosterEntry | null {
  const entry = room.roster.participants[member.participant];
  return entry?.admitted === member.admitted ? entry : null;
}

export function stays(roster: Roster): Map<StayKey, RosterEntry> {
  return new Map(Object.entries(roster.participants).map(([id, entry]) => [stayKeyOf(id, entry.admitted), entry]));
}

/** A copy to be changed freely: the planner works on it and hands it out as the next state. */
export function draftOf(room: RoomState): RoomState {
  return {
    ...room,
    members: new Map([...room.members].map(([stay, member]) => [stay, draftOfMember(member)])),
    unreachable: new Set(room.unreachable),
    graces: new Set(room.graces),
  };
}

function draftOfMember(member: Member): Member {
  return {
    ...member,
    publication: member.publication && { ...member.publication, candidates: [...member.publication.candidates] },
    receivers: new Map([...member.receivers].map(([url, receiver]) => [url, draftOfReceiver(receiver)])),
    spent: new Map(member.spent),
    early: new Map(member.early),
    waived: new Set(member.waived),
    requests: member.requests.map((request) => ({ ...request })),
  };
}

function draftOfReceiver(receiver: Receiver): Receiver {
  return { ...receiver, candidates: [...receiver.candidates], told: { ...receiver.told } };
}
