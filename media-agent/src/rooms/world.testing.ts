import { ConnectionsBody, type Message, ResponseBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { AgentAction, AgentEvent } from './events.ts';
import { type AgentState, type EndpointRef, initialState } from './state.ts';
import { step } from './step.ts';

/**
 * Test support: the planner in a world that obeys it. Holds what exists at the media server and what each client has
 * been told, and fails at once on an action that makes no sense.
 */

interface WorldEndpoint {
  ref: EndpointRef;
  direction: 'publish' | 'receive';
  offer: string;
  state: 'answering' | 'answered' | 'connected';
}

const keyOf = ({ room, stay, url }: EndpointRef) => `${room} ${stay} ${url}`;

export interface ClientView {
  /** Answers by connection URL. */
  answers: Map<string, string>;
  peers: Map<string, string>;
  errors: Map<string, string>;
}

export class World {
  state: AgentState = initialState();
  readonly pipelines = new Set<string>();
  readonly endpoints = new Map<string, WorldEndpoint>();
  /** Receiver → publication. */
  readonly links = new Map<string, string>();
  readonly reports: Extract<AgentAction, { type: 'report' }>['report'][] = [];
  readonly graces = new Map<string, number>();
  readonly forgetting = new Set<string>();
  readonly posts: { connectionId: string; messages: Message[] }[] = [];
  readonly #views = new Map<string, ClientView>();
  readonly #everAnswered = new Set<string>();
  readonly #trace: AgentAction[] = [];
  /** Whether a post arrives. */
  reaches: (connectionId: string, to: string) => boolean = () => true;

  send(event: AgentEvent): void {
    const { state, actions } = step(this.state, event);
    this.state = state;
    this.#trace.push(...actions);
    for (const action of actions) this.#perform(action);
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

  /** `a-r0←b-pub`, … */
  get linked(): string[] {
    const name = (key: string) => key.slice(key.lastIndexOf('/') + 1);
    return [...this.links].map(([receiver, publication]) => `${name(receiver)}←${name(publication)}`).sort();
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
        this.#everAnswered.add(key);
        const { endpoint: ref, direction, offer } = action;
        this.endpoints.set(key, { ref, direction, offer, state: 'answering' });
        break;
      }
      case 'addCandidate':
        assert(this.endpoints.get(keyOf(action.endpoint))?.state !== 'answering', 'a candidate before the answer');
        break;
      case 'link':
        this.#link(keyOf(action.publication), keyOf(action.receiver));
        break;
      case 'release':
        assert(this.endpoints.has(keyOf(action.endpoint)), `${keyOf(action.endpoint)} does not exist`);
        this.#remove(keyOf(action.endpoint));
        break;
      case 'post':
        this.posts.push({ connectionId: action.connectionId, messages: action.messages });
        for (const message of action.messages) this.#tell(action.connectionId, message);
        break;
      case 'report':
        this.reports.push(action.report);
        break;
      case 'startGrace':
        this.graces.set(`${action.room} ${action.stay}`, action.ms);
        break;
      case 'cancelGrace':
        assert(this.graces.delete(`${action.room} ${action.stay}`), 'no such grace');
        break;
      case 'forgetLater':
        this.forgetting.add(action.room);
    }
  }

  #link(publication: string, receiver: string): void {
    assert(this.endpoints.get(receiver)?.state === 'connected', `${receiver} is not connected`);
    assert(this.endpoints.get(publication)?.direction === 'publish', `${publication} is no publication`);
    assert(!this.links.has(receiver), `${receiver} is linked twice`);
    this.links.set(receiver, publication);
  }

  #remove(key: string): void {
    this.endpoints.delete(key);
    this.links.delete(key);
    for (const [receiver, publication] of this.links) if (publication === key) this.links.delete(receiver);
  }

  #tell(connectionId: string, { to, body }: Message): void {
    const told = v.safeParse(v.pick(ConnectionsBody, ['connections']), body);
    if (!told.success || !this.reaches(connectionId, to)) return;
    const view = this.view(to);
    for (const { url, connectionDescription, peer, error } of told.output.connections) {
      if (error) view.errors.set(url, error);
      if (connectionDescription) view.answers.set(url, connectionDescription.sdp);
      if (peer) view.peers.set(url, peer);
    }
  }
}

function assert(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
