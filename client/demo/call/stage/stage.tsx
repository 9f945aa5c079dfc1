import { type FocusEvent, type KeyboardEvent, memo, useRef, useState } from 'react';
import type { Participant, PublicationName } from '../../../src/index.ts';
import { useActiveSpeakers, useParticipants } from '../../../src/react/index.ts';
import { useCall } from '../context.ts';
import { useStored } from '../store.ts';
import { Alone } from './alone.tsx';
import { arrange } from './arrangement.ts';
import { featured, lastSpeaker } from './featured.ts';
import type { Box } from './grid-layout.ts';
import { isDirection, neighbour } from './neighbour.ts';
import { Pager } from './pager.tsx';
import { useSharers } from './screens.ts';
import { Seat } from './seat.tsx';
import { NO_SEATS, seated } from './seats.ts';
import { useSize } from './size.ts';

const GAP = 12;
const ALONE = 'alone';

interface Item {
  key: string;
  participant: Participant;
  name: PublicationName;
}

/** Everybody's pictures, and shared screens: side by side, or some of them large. */
export const Stage = memo(function Stage() {
  const { ui } = useCall();
  const list = useRef<HTMLUListElement>(null);
  const { items, large, boxes, page, pages, perPage, turning, order } = useStagePlan(list);
  const [turn, setTurn] = useState<string>();
  const withTurn = items.some(({ key }) => key === turn) ? turn : items[0]?.key;

  const keyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const from = seatOf(event.target);
    if (from === undefined) return;
    if (event.key === 'Enter') ui.change({ pinned: ui.state.pinned === from ? undefined : from });
    if (!isDirection(event.key)) return;
    const to = neighbour(boxes, from, event.key);
    if (to === undefined) return;
    event.preventDefault();
    list.current?.querySelector<HTMLElement>(`[data-seat="${CSS.escape(to)}"]`)?.focus({ preventScroll: true });
  };
  const focused = ({ target }: FocusEvent) => {
    const seat = seatOf(target);
    if (seat === undefined) return;
    setTurn(seat);
    const index = order.indexOf(seat);
    if (index >= 0) ui.change({ page: Math.floor(index / perPage) });
  };
  const alone = boxes.get(ALONE);
  return (
    <section className="stage" aria-label="Call">
      <ul
        className="seats"
        ref={list}
        aria-label="Participants"
        data-testid="grid"
        onKeyDown={keyDown}
        onFocus={focused}
      >
        {items.map(({ key, participant, name }) => {
          const box = boxes.get(key);
          if (!box) return null;
          const isLarge = large.includes(key);
          const props = { participant, name, isLarge, hasTurn: key === withTurn, ...box };
          return <Seat key={key} seat={key} {...props} />;
        })}
        {alone && <Alone {...alone} />}
      </ul>
      {pages > 1 && (
        <Pager
          page={page}
          pages={pages}
          middle={turning.x + turning.width / 2}
          onTurn={(to) => ui.change({ page: to })}
        />
      )}
    </section>
  );
});

/** The key of what is focused itself; not what stands on it. */
function seatOf(target: EventTarget): string | undefined {
  return target instanceof HTMLElement ? target.dataset.seat : undefined;
}

/** What is on the stage, and where. */
function useStagePlan(list: { current: HTMLUListElement | null }) {
  const { room, ui } = useCall();
  const people = useParticipants();
  const sharers = useSharers();
  const speakers = useActiveSpeakers();
  const view = useStored(ui, (state) => state.view);
  const pinned = useStored(ui, (state) => state.pinned);
  const wanted = useStored(ui, (state) => state.page);
  const stage = useSize(list);
  const speaker = useRef<string>(undefined);
  const seats = useRef(NO_SEATS);

  const speaking = speakers.map(({ id }) => id);
  const others = people.filter((participant) => participant !== room.localParticipant).map(({ id }) => id);
  speaker.current = lastSpeaker({
    before: speaker.current,
    speaking: speaking.filter((id) => others.includes(id)),
    present: others,
  });
  const screens = sharers.map(
    (participant): Item => ({ key: `${participant.id} screen`, participant, name: 'screen' }),
  );
  const items = [
    ...people.map((participant): Item => ({ key: participant.id, participant, name: 'main' })),
    ...screens,
  ];
  const large = featured({
    view,
    pinned,
    screens: screens.map(({ key }) => key),
    people: people.map(({ id }) => id),
    speaker: speaker.current,
  });

  const isAlone = items.length === 1 && large.length === 0;
  const {
    featured: largeBoxes,
    others: smallBoxes,
    ...pages
  } = arrange({
    featured: large.length,
    isScreen: large.length > 0 && large.every((key) => screens.some((screen) => screen.key === key)),
    others: isAlone ? 2 : items.length - large.length,
    page: wanted,
    stage,
    gap: stage.width < 600 ? GAP / 2 : GAP,
  });
  const present = items.map(({ key }) => key);
  seats.current = seated(seats.current, { present, large, speaking, visible: pages.perPage });
  const order = seats.current.order.filter((key) => !large.includes(key)).concat(isAlone ? ALONE : []);
  // Before the stage is measured there are no places: what is in its place from the beginning has no way to go there.
  const isMeasured = stage.width > 0;
  const boxes = new Map<string, Box>(isMeasured ? [...paired(large, largeBoxes), ...paired(order, smallBoxes)] : []);
  return { items, large, boxes, order, ...pages };
}

function paired(keys: readonly string[], boxes: readonly Box[]): [string, Box][] {
  return keys.flatMap((key, index) => {
    const box = boxes[index];
    return box ? [[key, box]] : [];
  });
}
