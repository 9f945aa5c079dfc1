import type {
  Code,
  IceCandidate,
  IceServer,
  MediaKind,
  MediaState,
  PublicationName,
  ReplyTo,
  Room,
  Roster,
  RosterEntry,
} from '@hyperroom/protocol';
import { NO_WISHES, type Wishes } from './wishes.ts';

/** Names one epoch of one incarnation of a room. */
export type RoomKey = string;
/** Names one stay of a participant in a room: who leaves and comes back is somebody else. */
export type StayKey = string;
/** Names what one stay publishes as `main` or as `screen`, whichever connection brings it at the moment. */
export type PublicationKey = string;

export function roomKeyOf({ room, incarnation, epoch }: Pick<Roster, 'room' | 'incarnation' | 'epoch'>): RoomKey {
  return `${room} ${incarnation} ${epoch}`;
}

export function stayKeyOf(participant: string, admitted: number): StayKey {
  return `${participant}@${admitted}`;
}

export function publicationKeyOf(stay: StayKey, name: PublicationName): PublicationKey {
  return `${stay} ${name}`;
}

/** One WebRTC endpoint: the media server's end of a client's connection. */
export interface EndpointRef {
  room: RoomKey;
  stay: StayKey;
  /** The connection's URL. */
  url: string;
}

export type Phase =
  | { name: 'held'; offer: string }
  | { name: 'answering' }
  | { name: 'answered'; sdp: string }
  | { name: 'failed'; error: string };

interface Leg {
  url: string;
  phase: Phase;
  /** Waiting for the answer. */
  candidates: IceCandidate[];
  connected: boolean;
}

export interface Publication extends Leg {
  name: PublicationName;
  /** It came with the join, which fails if it does. */
  joining: boolean;
  /** What was last reported of it. */
  media: MediaState;
  /** Of which kinds media come in. */
  flowing: MediaKind[];
}

/** What the media server passes on to a receiver. */
export interface Flow {
  from: EndpointRef;
  kinds: MediaKind[];
}

export interface Receiver extends Leg {
  /** The connection that it takes over from, until that one is gone. */
  replaces: string | null;
  /** What it shows; null while spare. */
  peer: PublicationKey | null;
  flow: Flow | null;
  /** What its client has been told. */
  told: { answer: boolean; peer: PublicationKey | null };
}

/** A client's request that has not been answered yet. */
export interface PendingRequest {
  reply: ReplyTo;
  /** The connections it offers. */
  urls: string[];
  /** The room object, for the response to a join. */
  joined: Room | null;
  /** What goes along with the answers. */
  iceServers?: IceServer[];
  /** The room's version when it was made. */
  version: number;
  /** The connections whose answers its response waits for: those that it has set going, and no later ones. */
  awaits: string[] | null;
}

export interface Member {
  stay: StayKey;
  participant: string;
  admitted: number;
  /** By connection URL. Two of one name while one replaces the other. */
  publications: Map<string, Publication>;
  /** By connection URL, in the order of the offers. */
  receivers: Map<string, Receiver>;
  wishes: Wishes;
  /** Finished connections and how they ended. */
  spent: Map<string, string>;
  /** Candidates of connections that have not been offered yet. */
  early: Map<string, IceCandidate[]>;
  /** Publications whose connection the client has closed: shown again only over a new offer, or at a new wish. */
  waived: Set<PublicationKey>;
  requests: PendingRequest[];
  /** The media server could not take this participant: it is waiting to be removed. */
  refused: { code: Code; reason: string } | null;
}

/** `due`: to be asked in a while whether it is there. `asked`: it is waited for its answer; `pressed`: to the second time. */
export type Probe = 'due' | 'asked' | 'pressed';

/** `over`: the conference has been told to remove who has not come back. */
export type Grace = 'running' | 'over';

export interface RoomState {
  key: RoomKey;
  /** The newest one seen. A room with nobody in it that does not last is a tombstone: it turns stragglers away. */
  roster: Roster;
  /** When the room object was created, if a join has told: orders two incarnations. */
  created: string | null;
  /** Whether there is a pipeline. */
  open: boolean;
  /** Its media are gone with the media server: nothing happens here until it is given to a node again. */
  lost: boolean;
  /** It goes on elsewhere: what is here serves its clients until they have what they need there. */
  moved: boolean;
  /** How many it has at the media server. */
  endpoints: number;
  /** How many it has not got, for want of capacity. */
  lacking: number;
  members: Map<StayKey, Member>;
  /** Connections of the WebSocket API that have turned out to be gone. */
  unreachable: Set<string>;
  /** Who is being waited for. */
  graces: Map<StayKey, Grace>;
  /** Who is there without anything that proves it. */
  probes: Map<StayKey, Probe>;
  /** The version at which it has become empty, while its `emptyTimeout` runs. */
  emptyAt: number | null;
}

/** `away`: out of reach, perhaps not for long; what it holds may survive. */
export type MediaServerState = 'up' | 'away' | 'lost';

/** Plain data in maps and sets: it survives the process in a file. */
export interface AgentState {
  media: MediaServerState;
  /** Whether answers to what the agent asks can reach it. */
  linked: boolean;
  /** How many endpoints there may be in all rooms together. */
  capacity: number;
  rooms: Map<RoomKey, RoomState>;
  /** Numbers the messages that the agent sends of its own accord. */
  pushes: number;
}

export function initialState(capacity: number): AgentState {
  return { media: 'up', linked: true, capacity, rooms: new Map(), pushes: 0 };
}

export function newRoom(roster: Roster): RoomState {
  return {
    key: roomKeyOf(roster),
    roster: { ...roster, version: -1, participants: {} },
    created: null,
    open: false,
    lost: false,
    moved: false,
    endpoints: 0,
    lacking: 0,
    members: new Map(),
    unreachable: new Set(),
    graces: new Map(),
    probes: new Map(),
    emptyAt: null,
  };
}

export function newMember(participant: string, admitted: number, wishes: Wishes = NO_WISHES): Member {
  return {
    stay: stayKeyOf(participant, admitted),
    participant,
    admitted,
    publications: new Map(),
    receivers: new Map(),
    wishes,
    spent: new Map(),
    early: new Map(),
    waived: new Set(),
    requests: [],
    refused: null,
  };
}

/** What every object inherits is no participant, whatever somebody calls himself. */
export function participantIn({ participants }: Pick<Roster, 'participants'>, id: string): RosterEntry | undefined {
  return Object.hasOwn(participants, id) ? participants[id] : undefined;
}

/** The roster's entry of a stay, unless that stay is over. */
export function entryOf({ roster }: RoomState, member: Pick<Member, 'participant' | 'admitted'>): RosterEntry | null {
  const entry = participantIn(roster, member.participant);
  return entry?.admitted === member.admitted ? entry : null;
}

export function stays(roster: Roster): Map<StayKey, RosterEntry> {
  return new Map(Object.entries(roster.participants).map(([id, entry]) => [stayKeyOf(id, entry.admitted), entry]));
}

export function isEmpty(roster: Roster): boolean {
  return Object.keys(roster.participants).length === 0;
}

/** Whether there is anything at the media server for it. */
export function hasEndpoint({ phase }: Pick<Leg, 'phase'>): boolean {
  return phase.name === 'answering' || phase.name === 'answered';
}

export function legsOf({
  publications,
  receivers,
}: Pick<Member, 'publications' | 'receivers'>): (Publication | Receiver)[] {
  return [...publications.values(), ...receivers.values()];
}

export function endpointsIn({ members }: Pick<RoomState, 'members'>): number {
  return [...members.values()].flatMap(legsOf).filter(hasEndpoint).length;
}

/** No newer version follows: the room has ended, or goes on elsewhere, or in another epoch. */
export const ENDED = Number.MAX_SAFE_INTEGER;

/** Whether somebody may yet come back to an empty room. */
export function lasts({ emptyTimeout, version }: Roster): boolean {
  return emptyTimeout > 0 && version < ENDED;
}

/** Nobody comes to this life of the room any more: it is a tombstone. */
export function isOver({ roster }: RoomState): boolean {
  return isEmpty(roster) && !lasts(roster);
}

/** A copy to be changed freely: the planner works on it and hands it out as the next state. */
export function draftOf(room: RoomState): RoomState {
  return {
    ...room,
    members: new Map([...room.members].map(([stay, member]) => [stay, draftOfMember(member)])),
    unreachable: new Set(room.unreachable),
    graces: new Map(room.graces),
    probes: new Map(room.probes),
  };
}

function draftOfMember(member: Member): Member {
  return {
    ...member,
    publications: new Map([...member.publications].map(([url, publication]) => [url, draftOfLeg(publication)])),
    receivers: new Map([...member.receivers].map(([url, receiver]) => [url, draftOfReceiver(receiver)])),
    spent: new Map(member.spent),
    early: new Map(member.early),
    waived: new Set(member.waived),
    requests: member.requests.map((request) => ({ ...request })),
  };
}

function draftOfLeg<L extends Leg>(leg: L): L {
  return { ...leg, candidates: [...leg.candidates] };
}

function draftOfReceiver(receiver: Receiver): Receiver {
  return { ...draftOfLeg(receiver), told: { ...receiver.told } };
}
