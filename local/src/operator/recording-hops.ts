import type { FrameDown, FrameUp, Invoked, Passed, TableRequest } from '../aws/index.ts';
import type { RpcText, Sight } from '../sights.ts';
import { batchesOf, type Call, callsIn, isAbout } from './calls.ts';
import * as hop from './hop.ts';
import type { Hop } from './recording.ts';
import { type Answer, answerTo, messagesIn, type TracedRequest, tracedIn } from './requests.ts';

/** A request, and what of all that was seen has to do with it. Times are those of the sights. */
export interface Followed {
  readonly request: TracedRequest;
  readonly answer: Answer | undefined;
  readonly hops: readonly Hop[];
  /** What was needed to answer it: everybody else's news of it, and what came later, excluded. */
  readonly seen: readonly Passed[];
}

/** A request that takes longer is followed no further. */
const LONGEST = 30_000;

export function followedHops(sights: readonly Sight[], trace: string): Followed | undefined {
  const all = sortSights(sights);
  const frames = all.up.filter((frame) => tracedIn(frame).some((each) => each.trace === trace));
  const request = frames.flatMap(tracedIn).find((each) => each.trace === trace);
  if (!request) return undefined;
  const own = new Set(frames.map(({ connectionId }) => connectionId));
  const course = courseOf(all, frames, own, request);
  const told = all.down.filter(({ at, connectionId }) => at >= request.at && own.has(connectionId));
  const answerFrame = told.find((frame) => answerTo(request, frame));
  const answer = answerFrame && answerTo(request, answerFrame);
  const command = course.downs.find((down) => commandIn(down, trace));
  const report = command && answer && reportAfter(all, command, request, answer);
  const objects = objectsOf(all.lines, trace);
  const calls = command ? callsOf(all.rpc, command, objects, report?.frame.at ?? request.at + LONGEST) : [];
  const { handshake, invoked, tables, downs } = course;
  const fromFunctions = downs.filter((down) => down !== answerFrame && down !== command);
  return {
    request,
    answer,
    hops: [
      ...handshakeHops(handshake),
      ...frames.map((frame) => hop.frameUp(frame, 'browser')),
      ...invoked.map(hop.invocation),
      ...tables.map(hop.table),
      ...(command ? [hop.command(command)] : []),
      ...hop.fanOut(fromFunctions),
      ...batchesOf(calls).map(hop.calls),
      ...(answerFrame ? [hop.answer(answerFrame)] : []),
      ...(report ? reportHops(report) : []),
    ],
    seen: [...handshake, ...frames, ...invoked, ...tables, ...[command, answerFrame].filter((each) => !!each)],
  };
}

interface Sorted {
  readonly up: readonly FrameUp[];
  readonly down: readonly FrameDown[];
  readonly invocations: readonly Invoked[];
  readonly tables: readonly TableRequest[];
  readonly rpc: readonly RpcText[];
  readonly lines: readonly string[];
}

function sortSights(sights: readonly Sight[]): Sorted {
  const of = <Kind extends Sight['kind']>(kind: Kind) =>
    sights.filter((sight): sight is Extract<Sight, { kind: Kind }> => sight.kind === kind);
  const lines = of('line').map(({ line }) => line);
  return { up: of('up'), down: of('down'), invocations: of('invocation'), tables: of('table'), rpc: of('rpc'), lines };
}

/** What functions did about frames. */
interface Course {
  readonly handshake: readonly Invoked[];
  readonly invoked: readonly Invoked[];
  readonly tables: readonly TableRequest[];
  readonly downs: readonly FrameDown[];
}

function courseOf(all: Sorted, frames: readonly FrameUp[], own: ReadonlySet<string>, { at }: TracedRequest): Course {
  const isFirst = !all.up.some((frame) => frame.at < at && own.has(frame.connectionId));
  const isHandshake = ({ routeKey, connectionId = '' }: Invoked) => routeKey === '$connect' && own.has(connectionId);
  return {
    handshake: isFirst ? all.invocations.filter(isHandshake) : [],
    ...workOn(all, frames),
  };
}

/** The invocations that frames led to, and what those did. */
function workOn({ invocations, tables, down }: Sorted, frames: readonly FrameUp[]): Omit<Course, 'handshake'> {
  const invoked = invocations.filter(({ connectionId, event }) => {
    const { body } = event as { body?: unknown };
    return frames.some((frame) => frame.connectionId === connectionId && frame.body === body);
  });
  const ids = new Set<unknown>(invoked.map(({ invocation }) => invocation));
  const isTheirs = ({ invocation }: { invocation: unknown }) => ids.has(invocation);
  return { invoked, tables: tables.filter(isTheirs), downs: down.filter(isTheirs) };
}

function commandIn({ body }: FrameDown, trace: string): boolean {
  return messagesIn(body).some(({ type, body: said }) => {
    const reply = said?.reply as { trace?: string } | undefined;
    return type === 'execute' && reply?.trace === trace;
  });
}

/** The media node's word that the participant's transport is connected, and what that led to. */
interface Report extends Omit<Course, 'handshake'> {
  readonly frame: FrameUp;
}

function reportAfter(all: Sorted, command: FrameDown, request: TracedRequest, answer: Answer): Report | undefined {
  const isReport = ({ at, connectionId, body }: FrameUp) =>
    at > command.at &&
    at < answer.at + LONGEST &&
    connectionId === command.connectionId &&
    body.includes(request.participant) &&
    messagesIn(body).some(({ body: said }) => said?.report === 'media' && said.participant === request.participant);
  const frame = all.up.find(isReport);
  return frame && { frame, ...workOn(all, [frame]) };
}

/** What Kurento calls what was made for the request: the agent says so. */
function objectsOf(lines: readonly string[], trace: string): ReadonlySet<string> {
  const answered = lines.find((line) => line.includes(trace) && line.includes('"endpoints"'));
  if (!answered) return new Set();
  const { pipeline, endpoints } = JSON.parse(answered.slice(answered.indexOf('{'))) as {
    pipeline: string | null;
    endpoints: readonly string[];
  };
  return new Set([...endpoints, ...(pipeline ? [pipeline] : [])]);
}

function callsOf(rpc: readonly RpcText[], command: FrameDown, objects: ReadonlySet<string>, end: number): Call[] {
  const calls = callsIn(rpc.filter(({ at }) => at >= command.at));
  return calls.filter((call) => call.at <= end && isAbout(objects, call));
}

function handshakeHops(handshake: readonly Invoked[]): Hop[] {
  const [first] = handshake;
  return first ? [hop.opening(first), ...handshake.map(hop.invocation)] : [];
}

function reportHops({ frame, invoked, tables, downs }: Report): Hop[] {
  const isAnswer = ({ connectionId }: FrameDown) => connectionId === frame.connectionId;
  return [
    hop.frameUp(frame, 'agent'),
    ...invoked.map(hop.invocation),
    ...tables.map(hop.table),
    ...hop.fanOut(downs.filter((down) => !isAnswer(down))),
  ];
}
