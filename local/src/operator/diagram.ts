import { DIAGRAM_STYLE } from './diagram-style.ts';
import type { Hop, Party, Recording } from './recording.ts';

const NAMES: Readonly<Record<Party, string>> = {
  others: 'other browsers',
  browser: 'browser',
  gateway: 'API Gateway',
  function: 'functions',
  table: 'DynamoDB',
  agent: 'media agent',
  kurento: 'Kurento',
};
const ORDER: readonly Party[] = ['others', 'browser', 'gateway', 'function', 'table', 'agent', 'kurento'];

const GUTTER = 74;
const LANE = 138;
const MARGIN = 70;
const TOP = 96;
const ROW = 34;
const HEAD = 7;
/** As wide as a letter is, nearly. */
const GLYPH = 6.7;

type Phase = 'open' | 'admit' | 'media' | 'answered' | 'after';
const PHASES: Readonly<Record<Phase, string>> = {
  open: 'A WebSocket opens: the token is checked once, for all that follows',
  admit: 'One frame asks. One conditional write admits, and gives the whole room back',
  media: 'The media node makes endpoints and answers the offers',
  answered: 'One frame answers, from the agent straight to the browser',
  after: 'Media flow, and the room says so',
};

/** A row is a hop, or what begins there. */
type Row = { readonly hop: Hop; readonly index: number } | { readonly phase: Phase };

/**
 * A recorded request as a sequence diagram: an SVG that stands for itself, in light and dark. Rows are in order of time;
 * each says when it was, counted from the first. `data-hop` is the hop's index in the recording.
 */
export function joinDiagram(recording: Recording): string {
  const parties = ORDER.filter((party) => recording.hops.some(({ from, to }) => from === party || to === party));
  const x = (party: Party) => GUTTER + MARGIN + parties.indexOf(party) * LANE;
  const rows = rowsOf(recording);
  const width = GUTTER + 2 * MARGIN + Math.max(0, parties.length - 1) * LANE;
  const height = TOP + rows.length * ROW + 24;
  const y = (row: number) => TOP + row * ROW + ROW / 2;
  const title = titleOf(recording);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="join-diagram" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${escaped(title)}">`,
    `<style>${DIAGRAM_STYLE}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="12"/>`,
    `<text class="title" x="20" y="30">${escaped(title)}</text>`,
    ...parties.map((party) => lane(party, x(party), height)),
    ...rows.map((row, index) => ('phase' in row ? band(row.phase, y(index), width) : '')),
    ...rows.map((row, index) => busy(row, rows, x('function'), y, index)),
    ...rows.map((row, index) => ('hop' in row ? arrow(row.hop, row.index, x, y(index), width) : '')),
    '</svg>',
  ].join('\n');
}

function titleOf({ kind, name, participant, room, asked, answered, code, cost }: Recording): string {
  const who = name ?? participant;
  const what = { join: 'joins', offer: 'offers more to', return: 'returns to' }[kind];
  const outcome = answered === undefined ? 'not answered' : `${code} after ${milliseconds(answered - asked)}`;
  return `${who} ${what} “${room}”: ${outcome}, $${cost.perMillion.toFixed(2)} per million`;
}

function rowsOf({ hops, asked, answered = Number.POSITIVE_INFINITY }: Recording): Row[] {
  const firstCall = hops.find(({ from, at }) => from === 'agent' && at >= asked)?.at ?? Number.POSITIVE_INFINITY;
  const answer = hops.findIndex(({ kind, from, to }) => kind === 'post' && from !== 'gateway' && to === 'browser');
  const phaseOf = (hop: Hop, index: number): Phase => {
    if (hop.at < asked) return 'open';
    if (index === answer) return 'answered';
    if (hop.at > answered || (answer >= 0 && index > answer)) return 'after';
    return hop.at < firstCall ? 'admit' : 'media';
  };
  let phase: Phase | undefined;
  return hops.flatMap((hop, index): Row[] => {
    const row = { hop, index };
    const next = phaseOf(hop, index);
    if (next === phase) return [row];
    phase = next;
    return [{ phase: next }, row];
  });
}

function lane(party: Party, x: number, height: number): string {
  return [
    `<line class="lane" x1="${x}" x2="${x}" y1="${TOP - 12}" y2="${height - 16}"/>`,
    `<rect class="party" x="${x - 60}" y="48" width="120" height="30" rx="8"/>`,
    `<text class="party-name" x="${x}" y="67.5" text-anchor="middle">${NAMES[party]}</text>`,
  ].join('');
}

function band(phase: Phase, y: number, width: number): string {
  const top = y - ROW / 2 + 6;
  return [
    `<rect class="band" x="8" y="${top}" width="${width - 16}" height="${ROW - 10}" rx="6"/>`,
    `<text class="phase" x="20" y="${y + 5}">${escaped(PHASES[phase])}</text>`,
  ].join('');
}

/** How long a function ran: a bar on its lane, down to the last row that began before it ended. */
function busy(row: Row, rows: readonly Row[], x: number, y: (row: number) => number, index: number): string {
  if (!('hop' in row) || row.hop.kind !== 'invocation') return '';
  const end = row.hop.at + (row.hop.ms ?? 0);
  const last = rows.findLastIndex((other) => 'hop' in other && other.hop.at <= end);
  const height = Math.max(10, y(last) - y(index) + 10);
  return `<rect class="busy" x="${x - 5}" y="${y(index)}" width="10" height="${height}" rx="3"/>`;
}

function arrow(hop: Hop, index: number, xOf: (party: Party) => number, y: number, width: number): string {
  const [from, to] = [xOf(hop.from), xOf(hop.to)];
  const towards = Math.sign(to - from);
  const tip = `${to},${y + 7} ${to - towards * HEAD},${y + 3} ${to - towards * HEAD},${y + 11}`;
  const more = [hop.outcome, hop.ms !== undefined && milliseconds(hop.ms)].filter(Boolean).join(' · ');
  // Words begin where the arrow does, unless they would leave the picture.
  const isTooLong = Math.min(from, to) + (hop.label.length + more.length + 3) * GLYPH > width - 16;
  const [at, anchor] = isTooLong ? [Math.max(from, to) - 8, 'end'] : [Math.min(from, to) + 8, 'start'];
  return [
    `<g class="hop ${hop.kind}${hop.failed ? ' failed' : ''}" data-hop="${index}">`,
    `<rect class="row" x="8" y="${y - ROW / 2}" width="${width - 16}" height="${ROW}" rx="6"/>`,
    `<text class="time" x="20" y="${y + 11}">${escaped(milliseconds(hop.at))}</text>`,
    `<line class="arrow" x1="${from}" x2="${to - towards * HEAD}" y1="${y + 7}" y2="${y + 7}"/>`,
    `<polygon class="head" points="${tip}"/>`,
    `<text class="label" x="${at}" y="${y}" text-anchor="${anchor}">${escaped(hop.label)}`,
    more && `<tspan class="faint"> · ${escaped(more)}</tspan>`,
    '</text></g>',
  ].join('');
}

/** `0.42 ms`, `7.3 ms`, `412 ms`, `3.10 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms.toFixed(ms < 1 ? 2 : ms < 100 ? 1 : 0)} ms`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
