import type { ReactNode } from 'react';
import { LocalMedia } from '../../../src/devices/index.ts';
import type { Room } from '../../../src/index.ts';
import { RoomProvider } from '../../../src/react/index.ts';
import { type Mounted, mount } from '../../../src/react/testing/mount.tsx';
import { type Call, CallProvider, newCall } from '../context.ts';

/** A part of the page, in a call of this room. */
export async function mountInCall(room: Room, part: ReactNode): Promise<Mounted & { call: Call }> {
  const call = newCall({ room, media: new LocalMedia(), link: 'https://example.org/?room=standup' });
  const mounted = await mount(
    <RoomProvider room={room}>
      <CallProvider value={call}>{part}</CallProvider>
    </RoomProvider>,
  );
  return { ...mounted, call };
}

/** What has a test id in the document, if anything. */
export const byTestId = (testid: string) => document.querySelector<HTMLElement>(`[data-testid=${testid}]`);
