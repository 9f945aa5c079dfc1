import { ConnectionsBody, MediaKind, type Message, type PublicationName, ResponseBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { AgentAction, AgentEvent, RoomReport, Timer } from './events.ts';
import { type KnownEndpoint, keyOf, knownIn, revived } from './kept.testing.ts';
import { type AgentState, type EndpointRef, type Flow, initialState } from './state.ts';
import { step } from './step.ts';

/**
 * Test support: the planner in a world that obeys it. Holds what exists at the media server and what each client has
 * been told, and fails at once on an action that makes no sense.
 */

interface WorldEndpoint {
  ref: EndpointRef;
  direction: 'publish' | 'receive';
  offer: string;
  maxBitrate: number;
  state: 'answering' | 'answered' | 'connected';
}

const nameOf = (timer: Timer) => JSON.stringify(timer);

export interface ClientView {
  /** Answers by connection URL. */
  answers: Map<string, string>;
  /** Whom each connection shows. */
  peers: Map<string, Shown>;
  errors: Map<string, string>;
}

interface Shown {
  peer: string;
  publication: PublicationName | undefined;
}

export class World {
  state: AgentState;
  readonly pipelines = new Set<string>();
  readonly endpoints = new Map<string, WorldEndpoint>();
  /** Receiver → publication, for each kind of media. */
  readonly links: Record<MediaKind, Map<string, string>> = { audio: new Map(), video: new Map() };
  readonly reports: RoomReport[] = [];
  readonly timers = new Map<string, { timer: Timer; ms: number }>();
  readonly probes: { to: string; connectionId: string }[] = [];
  readonly posts: { connectionId: string; messages: Message[] }[] = [];
  readonly #views = new Map<string, ClientView>();
  readonly #everAnswered = new Set<string>();
  readonly #trace: AgentAction[] = [];
  /** What was never sent, since the process ended before. */
  readonly unsent: Message[] = [];
  #isRestoring = false;
  /** Whether a post arrives. */
  reaches: (connectionId: string, to: string) => boolean = () => true;

  constructor(capacity = 1000) {
    this.state = initialState(capacity);
  }

  send(event: AgentEvent): void {
    for (const action of this.#decide(event)) this.#perform(action);
  }

  /**
   * The process ends while it carries out what an event leads to, after so many actions. Another goes on with its
   * state, and is told what it finds at the media server.
   */
  crash(event: AgentEvent, after: number): void {
    const actions = this.#decide(event);
    for (const action of actions.slice(0, after)) this.#perform(action);
    for (const action of actions.slice(after)) if (action.type === 'post') this.unsent.push(...action.messages);
    this.state = revived(this.state);
    this.timers.clear();
    this.#dropUnknown();
    this.#isRestoring = true;
    this.send({ type: 'restored' });
    this.#isRestoring = false;
    for (const [key, leg] of knownIn(this.state)) this.#tellWhatIsThere(key, leg);
  }

  /** The media server turns out not to have it. */
  lose(endpoint: EndpointRef): void {
    this.#remove(keyOf(endpoint));
    this.send({ type: 'missing', endpoint });
  }

  #decide(event: AgentEvent): AgentAction[] {
    const { state, actions } = step(this.state, event);
    this.state = state;
    this.#trace.push(...actions);
    return actions;
  }

  /** What the state has no answer of is of no use to anybody. */
  #dropUnknown(): void {
    const known = knownIn(this.state);
    for (const { key, open } of this.state.rooms.values()) if (open) this.pipelines.add(key);
    for (const key of this.endpoints.keys()) if (!known.has(key)) this.#remove(key);
    this.#everAnswered.clear();
    for (const key of known.keys()) this.#everAnswered.add(key);
  }

  #tellWhatIsThere(key: string, { ref, isReceiver }: KnownEndpoint): void {
    const found = this.endpoints.get(key);
    if (!found) {
      this.send({ type: 'missing', endpoint: ref });
      return;
    }
    if (isReceiver) this.send({ type: 'wired', endpoint: ref, flows: this.#flowsTo(key) });
    if (found.state === 'connected') this.send({ type: 'transport', endpoint: ref, state: 'connected' });
  }

  #flowsTo(receiver: string): Flow[] {
    const flows = new Map<string, Flow>();
    for (const kind of MediaKind.options) {
      const source = this.endpoints.get(this.links[kind].get(receiver) ?? '');
      if (!source) continue;
      const from = source.ref;
      flows.set(keyOf(from), { from, kinds: [...(flows.get(keyOf(from))?.kinds ?? []), kind] });
    }
    return [...flows.values()];
  }

  /** What is done while something goes on. */
  during(goOn: () => void): AgentAction[] {
    const from = this.#trace.length;
    goOn();
    return this.#trace.slice(from);
  }

  get answering(): WorldEndpoint[] {
    return [...this.endpoints.values()].filter(({ state }) => state === 'answering');
  }

  answer(endpoint: WorldEndpoint): void {
    endpoint.state = 'answered';
    this.send({ type: 'answered', endpoint: endpoint.ref, sdp: endpoint.offer });
  }

  fail(endpoint: WorldEndpoint, code: 400 | 503 = 400): void {
    this.#remove(keyOf(endpoint.ref));
    this.send({ type: 'unanswered', endpoint: endpoint.ref, code, reason: 'bad SDP' });
  }

  connect(endpoint: WorldEndpoint): void {
    endpoint.state = 'connected';
    this.send({ type: 'transport', endpoint: endpoint.ref, state: 'connected' });
  }

  flow(endpoint: WorldEndpoint, flowing = true, kind: MediaKind = 'audio'): void {
    this.send({ type: 'flow', endpoint: endpoint.ref, kind, flowing });
  }

  /** Everything that is published brings media. */
  flowAll(): void {
    const publications = [...this.endpoints.values()].filter(({ direction }) => direction === 'publish');
    for (const publication of publications) for (const kind of MediaKind.options) this.flow(publication, true, kind);
  }

  /** The timers of a name that run: whose, and for how long. */
  waits(name: Timer['name']): [whose: string, ms: number][] {
    return [...this.timers.values()].flatMap(({ timer, ms }) => (timer.name === name ? [[whoseIs(timer), ms]] : []));
  }

  /** All timers of a name that run have run down. */
  timeUp(name: Timer['name']): void {
    for (const [key, { timer }] of [...this.timers]) {
      if (timer.name !== name) continue;
      this.timers.delete(key);
      this.send({ type: 'timeUp', timer });
    }
  }

  /** Lets everything under way succeed. */
  settle(): void {
    for (;;) {
      const open = [...this.endpoints.values()].find(({ state }) => state !== 'connected');
      if (!open) return;
      if (open.state === 'answering') this.answer(open);
      else this.connect(open);
    }
  }

  endpoint(url: string): WorldEndpoint {
    const found = [...this.endpoints.values()].find(({ ref }) => ref.url.endsWith(`/${url}`));
    if (!found) throw new Error(`no endpoint for ${url}`);
    return found;
  }

  /** `a-r0←b-pub`, … and `a-r0←b-pub audio` where that is not both audio and video. */
  get linked(): string[] {
    const name = (key: string) => key.slice(key.lastIndexOf('/') + 1);
    const pairs = new Map<string, MediaKind[]>();
    for (const kind of MediaKind.options) {
      for (const [receiver, publication] of this.links[kind]) {
        const pair = `${name(receiver)}←${name(publication)}`;
        pairs.set(pair, [...(pairs.get(pair) ?? []), kind]);
      }
    }
    return [...pairs].map(([pair, kinds]) => (kinds.length === 2 ? pair : `${pair} ${kinds.join()}`)).sort();
  }

  view(hyperty: string): ClientView {
    const view = this.#views.get(hyperty) ?? { answers: new Map(), peers: new Map(), errors: new Map() };
    this.#views.set(hyperty, view);
    return view;
  }

  responsesTo(id: string | number): ResponseBody[] {
    return this.posts
      .flatMap(({ messages }) => messages)
      .filter((message) => message.type === 'response' && message.id === id)
      .map((message) => v.parse(ResponseBody, message.body));
  }

  #perform(action: AgentAction): void {
    switch (action.type) {
      case 'createPipeline':
        assert(!this.pipelines.has(action.room), `a second pipeline for ${action.room}`);
        this.pipelines.add(action.room);
        break;
      case 'releasePipeline':
        assert(this.pipelines.delete(action.room), `no pipeline ${action.room}`);
        for (const key of this.endpoints.keys()) if (key.startsWith(`${action.room} `)) this.#remove(key);
        break;
      case 'answer': {
        const key = keyOf(action.endpoint);
        assert(this.pipelines.has(action.endpoint.room), `${key} outside of a pipeline`);
        assert(!this.#everAnswered.has(key), `${key} is answered twice`);
        assert(this.endpoints.size < this.state.capacity, 'more endpoints than there may be');
        this.#everAnswered.add(key);
        const { endpoint: ref, direction, offer, maxBitrate } = action;
        this.endpoints.set(key, { ref, direction, offer, maxBitrate, state: 'answering' });
        break;
      }
      case 'addCandidate':
        assert(this.endpoints.get(keyOf(action.endpoint))?.state !== 'answering', 'a candidate before the answer');
        break;
      case 'link':
        for (const kind of action.kinds) this.#link(keyOf(action.publication), keyOf(action.receiver), kind);
        break;
      case 'unlink':
        for (const kind of action.kinds) this.#unlink(keyOf(action.publication), keyOf(action.receiver), kind);
        break;
      case 'release':
        assert(this.#isRestoring || this.endpoints.has(keyOf(action.endpoint)), `${keyOf(action.endpoint)} exists`);
        this.#remove(keyOf(action.endpoint));
        break;
      case 'post':
        this.posts.push({ connectionId: action.connectionId, messages: action.messages });
        for (const message of action.messages) this.#tell(action.connectionId, message);
        break;
      case 'report':
        this.reports.push(action.report);
        break;
      case 'probe':
        this.probes.push({ to: action.to, connectionId: action.connectionId });
        break;
      case 'startTimer':
        this.timers.set(nameOf(action.timer), action);
        break;
      case 'cancelTimer':
        assert(this.timers.delete(nameOf(action.timer)), `no timer ${nameOf(action.timer)}`);
    }
  }

  /** Another source takes the place of the one before. */
  #link(publication: string, receiver: string, kind: MediaKind): void {
    assert(this.endpoints.get(receiver)?.state === 'connected', `${receiver} is not connected`);
    assert(this.endpoints.get(publication)?.direction === 'publish', `${publication} is no publication`);
    assert(this.endpoints.get(publication)?.state !== 'answering', `${publication} is not answered`);
    assert(this.links[kind].get(receiver) !== publication, `${receiver} is linked twice`);
    this.links[kind].set(receiver, publication);
  }

  #unlink(publication: string, receiver: string, kind: MediaKind): void {
    assert(this.links[kind].get(receiver) === publication, `${receiver} was not linked`);
    this.links[kind].delete(receiver);
  }

  #remove(key: string): void {
    this.endpoints.delete(key);
    for (const links of Object.values(this.links)) {
      for (const [receiver, publication] of links) if (key === receiver || key === publication) links.delete(receiver);
    }
  }

  #tell(connectionId: string, { to, body }: Message): void {
    const told = v.safeParse(v.pick(ConnectionsBody, ['connections']), body);
    if (!told.success || !this.reaches(connectionId, to)) return;
    const view = this.view(to);
    for (const { url, connectionDescription, peer, publication, error } of told.output.connections) {
      if (error) view.errors.set(url, error);
      if (connectionDescription) view.answers.set(url, connectionDescription.sdp);
      if (peer) view.peers.set(url, { peer, publication });
    }
  }
}

function whoseIs(timer: Timer): string {
  if ('url' in timer) return timer.url;
  return 'stay' in timer ? timer.stay : timer.room;
}

function assert(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
