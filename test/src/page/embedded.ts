import { Hyperroom } from '@hyperroom/client';
import { Call } from '@hyperroom/client/react';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { Server } from '../pages/pose.ts';
import { camera, microphone } from './stand-in-devices.ts';

/*
 * Somebody's own page around the call of the React entry, with the real React (`pages/embedded.ts`).
 */

async function show(server: Server, roomId: string): Promise<void> {
  const stream = new MediaStream([microphone(false), camera('Ada')]);
  const room = await new Hyperroom(server).join(roomId, { name: 'Ada', stream });
  document.title = 'A call in a page';
  document.documentElement.lang = 'en';
  const main = document.createElement('main');
  document.body.replaceChildren(main);
  document.body.style.margin = '0';
  createRoot(main).render(createElement(Call, { room, style: { height: '100dvh' } }));
}

Object.assign(globalThis, { hyperroomEmbedded: show });
