import { useRef } from 'react';
import type { Room, RoomStats } from '../../../src/index.ts';
import { useRoom, useStats } from '../../../src/react/index.ts';
import { type StreamStats, streams, totals } from './figures.ts';

/** What is sent and received at the moment, stream by stream. */
export function StatsPanel() {
  const room = useRoom();
  const now = useStats();
  const before = usePrevious(now);
  return (
    <div className="panel-body" data-testid="stats">
      {now && before ? <Figures room={room} before={before} now={now} /> : <p className="lead">Measuring…</p>}
    </div>
  );
}

function Figures({ room, before, now }: { room: Room; before: RoomStats; now: RoomStats }) {
  return (
    <>
      <dl className="facts">
        {totals(before, now).map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      <ul className="streams" aria-label="Streams">
        {streams(before, now).map(({ key, stream, text }) => (
          <li key={key}>
            <strong>{nameOf(stream, room)}</strong>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What a value was before it became another. */
function usePrevious<Value>(value: Value): Value | undefined {
  const seen = useRef<{ now: Value; before: Value | undefined }>({ now: value, before: undefined });
  if (seen.current.now !== value) seen.current = { now: value, before: seen.current.now };
  return seen.current.before;
}

function nameOf(stream: StreamStats, { participants }: Room): string {
  const who = 'participant' in stream ? (participants.get(stream.participant)?.name ?? 'gone') : 'You';
  const what = stream.kind === 'audio' ? 'sound' : 'picture';
  return stream.publication === 'screen' ? `${who}: screen’s ${what}` : `${who}: ${what}`;
}
